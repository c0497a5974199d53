import type { SoundOutput } from '../../audio/speaker.ts';
import type { Sound } from './clip-writer.ts';
import type { TapPiece } from './tap.worklet.ts';
// Vite bundles the worklet into a file of its own and makes its address the default export, which the linter cannot see.
// oxlint-disable-next-line import/default
import tapWorkletUrl from './tap.worklet.ts?worker&url';

/** Sound that is being kept. */
export interface SoundTap {
  /** What was heard from `startMs` to `endMs` (`performance.timeOrigin + performance.now()`), silence where nothing was. */
  heard(startMs: number, endMs: number): Sound;
  close(): void;
}

/** Rejects when the browser cannot load worklets. */
export async function openSoundTap({ context, node }: SoundOutput): Promise<SoundTap> {
  await context.audioWorklet.addModule(tapWorkletUrl);
  const tap = new AudioWorkletNode(context, 'tap', {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
    channelInterpretation: 'speakers',
  });
  const pieces: { samples: Float32Array; startFrame: number; delayMs: number }[] = [];
  tap.port.addEventListener('message', (event: MessageEvent<TapPiece>) => {
    const { samples, startFrame, wallMs } = event.data;
    // The same reckoning as of the playback's reports, which the lips go by: when it was made, and how long it takes to the ear.
    const latencyMs = (context.baseLatency + (context.outputLatency || 0)) * 1000;
    const wallToPageMs = performance.timeOrigin + performance.now() - Date.now();
    const heardAtMs = wallMs + wallToPageMs + latencyMs;
    pieces.push({ samples, startFrame, delayMs: heardAtMs - (startFrame * 1000) / context.sampleRate });
  });
  tap.port.start();
  node.connect(tap);
  return {
    heard(startMs, endMs) {
      const { sampleRate } = context;
      const samples = new Float32Array(Math.max(0, Math.round(((endMs - startMs) * sampleRate) / 1000)));
      // Sound is reckoned in bursts, so single times tremble; between the two clocks there is one distance.
      const delayMs = middleOf(pieces.map((piece) => piece.delayMs));
      for (const piece of pieces) {
        const at = piece.startFrame + Math.round(((delayMs - startMs) * sampleRate) / 1000);
        const from = Math.max(0, -at);
        const kept = piece.samples.subarray(from, Math.max(from, samples.length - at));
        if (kept.length > 0) samples.set(kept, at + from);
      }
      return { samples, sampleRateHz: sampleRate };
    },
    close() {
      node.disconnect(tap);
      tap.port.postMessage('close');
      tap.port.close();
    },
  };
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
