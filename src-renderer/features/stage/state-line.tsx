import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useCore, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { CountingClock } from '../calls/counting-clock.tsx';
import { usePartyWords } from '../calls/use-party-words.ts';
import type { RingShape, StageRemedy } from './stage-state.ts';
import { useStageState } from './use-stage-state.ts';

const TONES: Partial<Record<RingShape, string>> = {
  listening: 'text-listening-text',
  speaking: 'text-accent-text',
  thinking: 'text-accent-text',
  working: 'text-listening-text',
  ringing: 'text-listening-text',
  call: 'text-listening-text',
  muted: 'text-danger-text',
  stopped: 'text-danger-text',
};

/** The state in words, with what to do and, when something is wrong, the one button that does it. */
export function StateLine({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation();
  const state = useStageState();
  const key = useKeyName('talk');
  const shortcut = useCore(({ snapshot }) => snapshot?.pushToTalkShortcut.accelerator ?? '');
  const wordsOf = usePartyWords();
  const name = state.call ? wordsOf(state.call.party).title : '';
  const hint = t(`stage.state.${state.words}.hint`, { key: key ?? shortcut, tool: state.tool ?? '', name });
  return (
    <div className={classNames('flex flex-wrap items-center gap-x-3 gap-y-1', compact ? 'min-w-0' : 'justify-center text-center')}>
      <p className={classNames('min-w-0', !compact && 'on-stage')}>
        <span className={classNames('font-semibold', compact ? 'text-base' : 'text-large', TONES[state.ring])}>
          {t(`stage.state.${state.words}.title`)}
        </span>
        <span className={classNames('text-small text-quiet', compact ? 'ml-2' : 'block')}>
          <bdi>{hint}</bdi>
          {state.call && (
            <>
              {' · '}
              <CountingClock call={state.call} />
            </>
          )}
        </span>
      </p>
      {state.remedy && <RemedyButton remedy={state.remedy} />}
    </div>
  );
}

function RemedyButton({ remedy }: { remedy: StageRemedy }) {
  const { t } = useTranslation();
  const { bridge, voice, view } = useServices();
  const actions = useActions();
  const run = (): void => {
    switch (remedy.action) {
      case 'restart-part':
        return void bridge.call('app.restartPart', { part: remedy.part }).catch(view.getState().fail);
      case 'choose-microphone':
        return view.getState().show('settings', 'talk.microphone');
      case 'allow-microphone':
        return voice.state.getState().session === 'off' ? actions.startSession() : void voice.reopenMicrophone();
      case 'open-models':
        return view.getState().show('models');
    }
  };
  return (
    <Button onClick={run} className="bg-ground">
      {t(`stage.remedies.${remedy.action}`)}
    </Button>
  );
}
