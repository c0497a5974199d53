import type { Notice } from '../../../src-preload/contract/index.ts';
import type { Actions } from '../../app/actions.ts';
import type { Services } from '../../app/services.ts';

/** What a notice's button does; undefined = it has none. */
export function noticeAction(notice: Notice, services: Services, actions: Actions): (() => void) | undefined {
  const { bridge, view, voice } = services;
  const { show, fail } = view.getState();
  switch (notice.action) {
    case 'choose-microphone':
      return () => show('settings', 'talk.microphone');
    case 'open-models':
      return () => show('models');
    case 'open-settings':
      return () => show('settings');
    case 'restore-backup':
      return () => show('settings', 'backups');
    case 'restart-part': {
      const { part } = notice;
      if (part !== 'recognition' && part !== 'language' && part !== 'synthesis') return undefined;
      return () => void bridge.call('app.restartPart', { part }).catch(fail);
    }
    case 'retry':
      if (notice.part === 'microphone')
        return () => (voice.state.getState().session === 'off' ? actions.startSession() : void voice.reopenMicrophone());
      return () => void services.core.getState().load().catch(fail);
    case 'none':
      return undefined;
  }
}
