import { chooseDevice, namedDevices } from '../audio/device-choice.ts';
import { playRingTone, type RingTone } from './ring-tones.ts';

/** The loudspeaker of the ring tones. */
export interface RingSound {
  /** Again and again, until the returned function is called; that ends it at once. */
  play(tone: RingTone): () => void;
  /** 0..1 */
  setVolume(volume: number): void;
  /** By name; '' or an absent one = the system's choice. */
  setSpeaker(name: string): void;
  dispose(): void;
}

export interface RingSoundDeps {
  mediaDevices: Pick<MediaDevices, 'enumerateDevices'>;
  createContext?: () => ContextWithSink;
}

/** `setSinkId` is not in TypeScript's DOM library yet. */
type ContextWithSink = AudioContext & { setSinkId?: (sinkId: string) => Promise<void> };

/** An open context keeps the sound device awake; but what was cut off has to die away before it sleeps. */
const SLEEP_AFTER_MS = 300;

/** Opens the sound device with the first tone and lets it sleep after each. */
export function createRingSound({ mediaDevices, createContext = () => new AudioContext() }: RingSoundDeps): RingSound {
  let sound: { context: ContextWithSink; gain: GainNode } | undefined;
  let sleep: ReturnType<typeof setTimeout> | undefined;
  let volume = 1;
  let speaker = '';

  const useSpeaker = async (): Promise<void> => {
    if (!sound?.context.setSinkId) return;
    const chosen = speaker === '' ? undefined : chooseDevice(namedDevices(await mediaDevices.enumerateDevices(), 'audiooutput'), speaker);
    // Unplugged: the system's choice rings.
    await sound.context.setSinkId(chosen?.deviceId ?? '').catch(() => undefined);
  };

  const open = (): { context: ContextWithSink; gain: GainNode } => {
    if (sound) return sound;
    const context = createContext();
    const gain = new GainNode(context, { gain: volume });
    gain.connect(context.destination);
    sound = { context, gain };
    return sound;
  };

  return {
    play(tone) {
      clearTimeout(sleep);
      const { context, gain } = open();
      // It may have been unplugged, or be back, since it rang last.
      if (speaker !== '') void useSpeaker();
      void context.resume();
      const stop = playRingTone(tone, { context, node: gain });
      return () => {
        stop();
        clearTimeout(sleep);
        sleep = setTimeout(() => void context.suspend(), SLEEP_AFTER_MS);
      };
    },
    setVolume(next) {
      volume = next;
      sound?.gain.gain.setTargetAtTime(next, sound.context.currentTime, 0.02);
    },
    setSpeaker(name) {
      if (name === speaker) return;
      speaker = name;
      void useSpeaker();
    },
    dispose() {
      clearTimeout(sleep);
      void sound?.context.close();
    },
  };
}
