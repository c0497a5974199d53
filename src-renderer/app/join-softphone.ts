import { createRingSound } from '../softphone/ring-sound.ts';
import { createRinger } from '../softphone/ringer.ts';
import type { SoftphoneState } from '../softphone/softphone-port.ts';
import { createSoftphone } from '../softphone/softphone.ts';
import { settingOf } from '../stores/settings-store.ts';
import type { Services } from './services.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Makes the page a telephone: its end of calls, its ring tones, and an assistant that does not listen while its owner is on the telephone. `pauseVoice`
 * takes the assistant's session away until the returned function is called. Does nothing in a browser on another machine: the exchange and its sound are
 * reached on this one alone.
 */
export function joinSoftphone({ bridge, settings, phone, phoneEnd }: Services, pauseVoice: () => () => void): void {
  if (bridge.door !== 'window' && !LOOPBACK.has(location.hostname)) return;
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
    ringer.setOn(isTelephone);
    if (isTelephone !== phone.getState().isTelephone) phone.setState({ isTelephone });
  };
  follow(softphone.state.getState());
  softphone.state.subscribe(follow);

  let giveBack: (() => void) | undefined;
  softphone.state.subscribe(({ calls }) => {
    if (calls.length > 0) giveBack ??= pauseVoice();
    else {
      giveBack?.();
      giveBack = undefined;
    }
  });
  // Says goodbye to the exchange while it still can; whatever does not get out in time, the closed socket says.
  addEventListener('pagehide', () => {
    softphone.dispose();
    ringer.dispose();
  });
}
