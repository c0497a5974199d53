import { chooseDevice, namedDevices } from '../audio/device-choice.ts';
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
}

export function createCallMicrophone({ mediaDevices, onTrack, onState }: CallMicrophoneDeps): CallMicrophone {
  let wishes: MicrophoneWishes = { device: '', echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  let isOpen = false;
  let track: MediaStreamTrack | undefined;
  /** Each opening and closing outdates the ones before it. */
  let attempt = 0;

  const use = (next: MediaStreamTrack | undefined): void => {
    track?.stop();
    track = next;
    onTrack(next);
  };

  const acquire = async (): Promise<MediaStreamTrack | undefined> => {
    const { device, ...processing } = wishes;
    const chosen = device === '' ? undefined : chooseDevice(namedDevices(await mediaDevices.enumerateDevices(), 'audioinput'), device);
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
      opened?.addEventListener('ended', () => own === attempt && void reopen());
      use(opened);
      onState(opened ? 'ok' : 'none');
    } catch (error) {
      if (own !== attempt) return;
      use(undefined);
      onState(error instanceof Error && error.name === 'NotAllowedError' ? 'denied' : 'none');
    }
  };

  // Where it was missing, or the chosen one comes back in mid-call.
  const onDeviceChange = (): void => {
    if (isOpen && (track === undefined || wishes.device !== '')) void reopen();
  };
  mediaDevices.addEventListener('devicechange', onDeviceChange);

  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    attempt += 1;
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
