import { chooseDevice, namedDevices, type AudioDevice } from '../audio/device-choice.ts';
import type { MicrophoneWishes } from '../audio/microphone.ts';
import type { SoftphoneState } from './softphone-port.ts';

/** The microphone of the owner's calls; apart from the assistant's, which is closed meanwhile. */
export interface CallMicrophone {
  /** Opens it, or leaves it open. Never rejects: the state says what is wrong. */
  open(): void;
  /** Lets the device go. */
  close(): void;
  configure(wishes: MicrophoneWishes): void;
  /** What it gives now; undefined while it is closed, being opened or missing. */
  track(): MediaStreamTrack | undefined;
  dispose(): void;
}

export interface CallMicrophoneDeps {
  mediaDevices: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;
  onTrack: (track: MediaStreamTrack | undefined) => void;
  onState: (state: SoftphoneState['microphone']) => void;
  /** The device went away in mid-call, and another one has taken its place. Labels of the system. */
  onReplaced: (replaced: { gone: string; used: string } | null) => void;
}

export function createCallMicrophone({ mediaDevices, onTrack, onState, onReplaced }: CallMicrophoneDeps): CallMicrophone {
  let wishes: MicrophoneWishes = { device: '', echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  let isOpen = false;
  let track: MediaStreamTrack | undefined;
  /** Each opening and closing outdates the ones before it. */
  let attempt = 0;
  /** The device that has gone, until it is told what came in its place. */
  let gone: string | undefined;
  /** Said to have gone; it may come back. */
  let missing: string | undefined;

  const use = (next: MediaStreamTrack | undefined): void => {
    const before = track;
    track = next;
    // The other end changes over before the old one falls silent.
    onTrack(next);
    before?.stop();
  };

  const chosenDevice = async (): Promise<AudioDevice | undefined> =>
    wishes.device === '' ? undefined : chooseDevice(namedDevices(await mediaDevices.enumerateDevices(), 'audioinput'), wishes.device);

  const acquire = async (): Promise<MediaStreamTrack | undefined> => {
    const { device: _device, ...processing } = wishes;
    const chosen = await chosenDevice();
    const ask = (more: MediaTrackConstraints): Promise<MediaStream> =>
      mediaDevices.getUserMedia({ audio: { ...processing, channelCount: 1, ...more } });
    try {
      return (await ask(chosen ? { deviceId: { exact: chosen.deviceId } } : {})).getAudioTracks()[0];
    } catch (error) {
      if (!chosen || (error instanceof Error && error.name === 'NotAllowedError')) throw error;
      // Held by another program, or gone between list and call: any microphone is better than none.
      return (await ask({})).getAudioTracks()[0];
    }
  };

  const reopen = async (): Promise<void> => {
    attempt += 1;
    const own = attempt;
    try {
      const opened = await acquire();
      if (own !== attempt) return opened?.stop();
      opened?.addEventListener('ended', () => {
        if (own !== attempt) return;
        gone = opened.label;
        void reopen();
      });
      use(opened);
      onState(opened ? 'ok' : 'none');
      if (opened && gone !== undefined && gone !== opened.label) {
        missing = gone;
        onReplaced({ gone, used: opened.label });
      } else if (missing !== undefined && opened?.label === missing) {
        missing = undefined;
        onReplaced(null);
      }
      if (opened) gone = undefined;
    } catch (error) {
      if (own !== attempt) return;
      use(undefined);
      onState(error instanceof Error && error.name === 'NotAllowedError' ? 'denied' : 'none');
    }
  };

  /** Where it was missing, or the chosen one comes back in mid-call. What is in use already stays as it is. */
  const lookAgain = async (): Promise<void> => {
    if (!isOpen) return;
    if (track === undefined) return reopen();
    const chosen = await chosenDevice();
    if (isOpen && chosen && chosen.deviceId !== track?.getSettings().deviceId) await reopen();
  };
  const onDeviceChange = (): void => void lookAgain().catch(() => undefined);
  mediaDevices.addEventListener('devicechange', onDeviceChange);

  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    attempt += 1;
    gone = undefined;
    missing = undefined;
    use(undefined);
    onState('off');
  };

  return {
    open() {
      if (isOpen) return;
      isOpen = true;
      void reopen();
    },
    close,
    configure(next) {
      const changed = JSON.stringify(next) !== JSON.stringify(wishes);
      wishes = next;
      if (changed && isOpen) void reopen();
    },
    track: () => track,
    dispose() {
      mediaDevices.removeEventListener('devicechange', onDeviceChange);
      close();
    },
  };
}
