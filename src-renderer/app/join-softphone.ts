import type { PhoneCall } from '../../src-preload/contract/index.ts';
import { isOnThisMachine } from '../../src-preload/contract/wire-paths.ts';
import { createRingSound } from '../softphone/ring-sound.ts';
import { createRinger } from '../softphone/ringer.ts';
import type { SoftphoneState } from '../softphone/softphone-port.ts';
import { createSoftphone } from '../softphone/softphone.ts';
import { settingOf } from '../stores/settings-store.ts';
import type { Services } from './services.ts';

/** The owner speaks or listens at this machine; a mobile phone is elsewhere. */
function isOwnersNow({ state }: PhoneCall): boolean {
  return state.state === 'talking' && !state.held && (state.by === 'owner' || state.listening);
}

/**
 * Makes the page a telephone: its end of calls, its ring tones, and an assistant that does not listen while its owner is on the telephone. `pauseVoice`
 * takes the assistant's session away until the returned function is called. Does nothing in a browser on another machine: the exchange and its sound are
 * reached on this one alone.
 */
export function joinSoftphone({ bridge, settings, phone, phoneEnd }: Services, pauseVoice: () => () => void): void {
  if (bridge.door !== 'window' && !isOnThisMachine(location.hostname)) return;
  const { mediaDevices } = navigator;
  const softphone = createSoftphone({ bridge, mediaDevices });
  const ringer = createRinger({ bridge, sound: createRingSound({ mediaDevices }) });
  Object.assign(phoneEnd, { softphone, ringer });

  const configure = (): void => {
    const state = settings.getState();
    const speaker = settingOf(state, 'voice.speaker', '');
    const volume = settingOf(state, 'voice.volume', 100) / 100;
    softphone.configure({
      microphone: {
        device: settingOf(state, 'talk.microphone', ''),
        echoCancellation: settingOf(state, 'talk.echoCancellation', true),
        noiseSuppression: settingOf(state, 'talk.noiseSuppression', true),
        autoGainControl: settingOf(state, 'talk.autoGainControl', true),
      },
      speaker,
      volume,
    });
    ringer.setSpeaker(speaker);
    ringer.setVolume(volume);
  };
  configure();
  settings.subscribe(configure);

  const follow = ({ line }: SoftphoneState): void => {
    const isTelephone = line.state === 'off' ? bridge.door === 'window' : line.state !== 'elsewhere';
    // Without the core nobody could answer, and nobody says when it is over.
    ringer.setOn(isTelephone && bridge.connection() === 'open');
    if (isTelephone !== phone.getState().isTelephone) phone.setState({ isTelephone });
  };
  follow(softphone.state.getState());
  softphone.state.subscribe(follow);
  bridge.onConnection(() => follow(softphone.state.getState()));
  phone.subscribe(({ calls }, before) => {
    if (calls !== before.calls) ringer.know(calls);
  });

  let giveBack: (() => void) | undefined;
  const rest = (): void => {
    // Also where another page of this machine is the telephone: it is the same room.
    if (softphone.state.getState().calls.length > 0 || phone.getState().calls.some(isOwnersNow)) giveBack ??= pauseVoice();
    else {
      giveBack?.();
      giveBack = undefined;
    }
  };
  softphone.state.subscribe(rest);
  phone.subscribe(rest);
  // Says goodbye to the exchange while it still can; whatever does not get out in time, the closed socket says.
  addEventListener('pagehide', () => {
    softphone.dispose();
    ringer.dispose();
  });
}
