import type { Clock, Timer } from '../../base/clock.ts';
import { createDeferred } from '../../base/deferred.ts';
import { INPUT_SAMPLE_RATE_HZ } from '../../inference/contracts/index.ts';
import type { AudioPort } from '../../../src-preload/contract/index.ts';

/** A clip on its way into the microphone. */
export interface Utterance {
  /** `clock.nowMs()` at which sample `index` of the clip counts as captured. */
  timeOfSample(index: number): number;
  /** Resolves when its last sample was sent. */
  readonly sent: Promise<void>;
}

/** A microphone that hears silence until it is told to hear something. Sends 20 ms pieces in real time, as a worklet does. */
export interface Microphone {
  /** 16 kHz mono, -1..1; begins with the next piece, or when the one before it is over. `speed`: times real time, whole numbers. */
  say(samples: Float32Array, how?: { speed?: number }): Utterance;
  /** Adds sound to what is heard from now on (echo of a loudspeaker). */
  mix(samples: Float32Array): void;
  dispose(): void;
}

const PIECE_SAMPLES = 320;
const PIECE_MS = (PIECE_SAMPLES / INPUT_SAMPLE_RATE_HZ) * 1000;

/** Room noise of about -75 dBFS: digital silence is not what microphones send. */
const NOISE = 0.00018;

export function createMicrophone(deps: { clock: Clock; port: AudioPort }): Microphone {
  const { clock, port } = deps;
  const queue: { samples: Float32Array; position: number; startMs: number | undefined; speed: number; done: () => void }[] = [];
  const echoes: { samples: Float32Array; position: number }[] = [];
  let pieceEndMs = clock.nowMs() + PIECE_MS;
  let seed = 1;
  let timer: Timer | undefined;

  const noise = (): number => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return (seed / 2_147_483_648 - 1) * NOISE;
  };

  const piece = (): Float32Array => {
    const out = Float32Array.from({ length: PIECE_SAMPLES }, noise);
    for (let offset = 0; offset < PIECE_SAMPLES && queue[0];) {
      const clip = queue[0];
      clip.startMs ??= pieceEndMs - PIECE_MS + (offset / INPUT_SAMPLE_RATE_HZ) * 1000;
      const count = Math.min(PIECE_SAMPLES - offset, clip.samples.length - clip.position);
      add(out, offset, clip.samples.subarray(clip.position, clip.position + count));
      clip.position += count;
      offset += count;
      if (clip.position < clip.samples.length) break;
      queue.shift();
      clip.done();
    }
    for (const echo of echoes) {
      const count = Math.min(PIECE_SAMPLES, echo.samples.length - echo.position);
      add(out, 0, echo.samples.subarray(echo.position, echo.position + count));
      echo.position += count;
    }
    while (echoes[0] && echoes[0].position >= echoes[0].samples.length) echoes.shift();
    return out;
  };

  const tick = (): void => {
    for (const nowMs = clock.nowMs(); pieceEndMs <= nowMs; pieceEndMs += PIECE_MS) {
      for (let count = queue[0]?.speed ?? 1; count > 0; count -= 1) port.post({ type: 'capture', samples: piece() });
    }
    timer = clock.after(Math.max(1, pieceEndMs - clock.nowMs()), tick);
  };
  tick();

  return {
    say(samples, how = {}) {
      const { promise: sent, resolve } = createDeferred<void>();
      const clip = { samples, position: 0, startMs: undefined as number | undefined, speed: how.speed ?? 1, done: () => resolve() };
      queue.push(clip);
      return { timeOfSample: (index) => (clip.startMs ?? clock.nowMs()) + (index / INPUT_SAMPLE_RATE_HZ) * 1000, sent };
    },
    mix(samples) {
      const last = echoes[0];
      // Pieces of one echo follow each other; overlapping ones would be summed twice.
      if (last) last.samples = join(last.samples, samples);
      else echoes.push({ samples, position: 0 });
    },
    dispose: () => timer?.cancel(),
  };
}

function add(target: Float32Array, offset: number, source: Float32Array): void {
  for (let index = 0; index < source.length; index += 1) target[offset + index] = (target[offset + index] ?? 0) + (source[index] ?? 0);
}

function join(left: Float32Array, right: Float32Array): Float32Array {
  const joined = new Float32Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
