import { chooseDevice, namedDevices } from '../audio/device-choice.ts';

/** Where calls are heard: the loudspeaker of the settings. */
export interface CallOutput {
  /** Plays a stream from now on; the returned function ends that at once. */
  play(stream: MediaStream): () => void;
  /** 0..1 */
  setVolume(volume: number): void;
  /** By name; '' or an absent one = the system's choice. */
  setDevice(name: string): void;
  dispose(): void;
}

/** `setSinkId` is not in TypeScript's DOM library yet. */
type Player = HTMLAudioElement & { setSinkId?: (sinkId: string) => Promise<void> };

export interface CallOutputDeps {
  mediaDevices: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;
  createPlayer: () => Player;
}

/** Sound elements rather than an AudioContext: what they play is what Chromium's echo cancellation takes out of the microphone. */
export function createCallOutput({ mediaDevices, createPlayer }: CallOutputDeps): CallOutput {
  const players = new Set<Player>();
  let volume = 1;
  let device = '';
  let sinkId = '';

  const useSink = async (player: Player): Promise<void> => {
    // Unplugged between the list and the call: `devicechange` follows.
    await player.setSinkId?.(sinkId).catch(() => undefined);
  };
  const refresh = async (): Promise<void> => {
    const chosen = device === '' ? undefined : chooseDevice(namedDevices(await mediaDevices.enumerateDevices(), 'audiooutput'), device);
    if ((chosen?.deviceId ?? '') === sinkId) return;
    sinkId = chosen?.deviceId ?? '';
    await Promise.all([...players].map(useSink));
  };
  const onDeviceChange = (): void => void refresh();
  mediaDevices.addEventListener('devicechange', onDeviceChange);

  return {
    play(stream) {
      const player = createPlayer();
      player.autoplay = true;
      player.volume = volume;
      player.srcObject = stream;
      players.add(player);
      if (sinkId !== '') void useSink(player);
      // Only where the browser wants a click first; the owner's click that accepted the call is one.
      player.play().catch(() => undefined);
      return () => {
        players.delete(player);
        player.pause();
        player.srcObject = null;
      };
    },
    setVolume(next) {
      volume = next;
      for (const player of players) player.volume = next;
    },
    setDevice(name) {
      device = name;
      void refresh();
    },
    dispose() {
      mediaDevices.removeEventListener('devicechange', onDeviceChange);
      for (const player of players) player.srcObject = null;
      players.clear();
    },
  };
}
