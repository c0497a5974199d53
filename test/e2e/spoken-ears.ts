import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { readPaths } from '../../build/lib/paths.mjs';
import { systemClock } from '../../src-main/base/clock.ts';
import {
  createRecognitionService,
  openHearing,
  type RecognitionService,
} from '../../src-main/inference/recognition/recognition-service.ts';
import { speakableText } from '../../src-main/modules/conversation/speakable.ts';
import { readEnvironment } from '../../src-main/platform/config/index.ts';
import { wordErrors } from '../bench/statistics.ts';
import type { HeardBlock } from './spoken-sound.ts';

/** Listens in the page: to what goes to the loudspeaker, and to what comes from the microphone. */
export interface PageEars {
  played(): Promise<HeardBlock[]>;
  said(): Promise<HeardBlock[]>;
  /** Forgets what was heard so far. */
  clear(): Promise<void>;
}

interface EarsWindow extends Window {
  ears: Record<'played' | 'said', { atMs: number; samples: Float32Array }[]>;
}
declare const window: EarsWindow;

/**
 * Taps Web Audio itself, so that the app needs no door for tests: every node that is joined to the loudspeaker, and every stream of the microphone,
 * is also joined to a second capture worklet of the app, which turns any sound into 16 kHz mono. Call before the voice is opened for the first time.
 */
export async function tapSound(page: Page): Promise<PageEars> {
  const assets = readdirSync(join(readPaths().root, 'out/renderer/assets'));
  const worklet = assets.find((file) => /^capture\.worklet-.*\.js$/.test(file));
  if (worklet === undefined) throw new Error('The built page has no capture worklet.');
  await page.evaluate((address) => {
    window.ears = { played: [], said: [] };
    // oxlint-disable-next-line typescript/unbound-method -- called with the node as `this` below
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...target: unknown[]) => AudioNode;
    const tap = async (node: AudioNode, heard: EarsWindow['ears']['played']): Promise<void> => {
      const context = node.context as AudioContext;
      await context.audioWorklet.addModule(address);
      const ear = new AudioWorkletNode(context, 'capture', { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1] });
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', (event: MessageEvent<{ samples: Float32Array }>) =>
        heard.push({ atMs: performance.timeOrigin + performance.now(), samples: event.data.samples }),
      );
      port1.start();
      ear.port.postMessage({ type: 'attach', port: port2 }, [port2]);
      connect.call(node, ear);
      // Its output is silence; what leads nowhere is not computed.
      connect.call(ear, context.destination);
    };
    AudioNode.prototype.connect = function patched(this: AudioNode, ...target: unknown[]): AudioNode {
      if (target[0] instanceof AudioDestinationNode && this instanceof GainNode) void tap(this, window.ears.played);
      if (this instanceof MediaStreamAudioSourceNode) void tap(this, window.ears.said);
      return connect.apply(this, target);
    } as typeof AudioNode.prototype.connect;
  }, `./assets/${worklet}`);

  const read = async (which: 'played' | 'said'): Promise<HeardBlock[]> => {
    const { times, sound } = await page.evaluate((kind) => {
      const blocks = window.ears[kind];
      const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.samples.byteLength, 0));
      let offset = 0;
      for (const { samples } of blocks) {
        bytes.set(new Uint8Array(samples.buffer), offset);
        offset += samples.byteLength;
      }
      let text = '';
      for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      return { times: blocks.map((block) => [block.atMs, block.samples.length] as const), sound: btoa(text) };
    }, which);
    const bytes = new Uint8Array(Buffer.from(sound, 'base64'));
    const samples = new Float32Array(bytes.buffer);
    let offset = 0;
    return times.map(([atMs, length]) => ({ atMs, samples: samples.subarray(offset, (offset += length)) }));
  };
  return {
    played: () => read('played'),
    said: () => read('said'),
    clear: () =>
      page.evaluate(() => {
        window.ears.played.length = 0;
        window.ears.said.length = 0;
      }),
  };
}

/** The app's own recognition engine with the starter models, in this process. */
export async function openRecogniser(): Promise<(samples: Float32Array) => Promise<string>> {
  const models = readEnvironment().modelsDirectory;
  const moonshine = (file: string): string => join(models, 'moonshine-tiny-en', file);
  const service: RecognitionService = createRecognitionService({ clock: systemClock, openHearing, emit: () => undefined });
  await service.load({
    voiceActivity: join(models, 'silero-vad-v6', 'silero_vad_v6.onnx'),
    moonshine: {
      encoder: moonshine('encoder_model.ort'),
      mergedDecoder: moonshine('decoder_model_merged.ort'),
      tokens: moonshine('tokens.txt'),
    },
    threads: 2,
  });
  return async (samples) => (await service.transcribe({ samples, language: 'en' })).text;
}

/** Share of the words of `text` that were not heard as such. Both are written as they are spoken: numbers and signs in words. */
export function wordErrorRate(text: string, heard: string): number {
  const { errors, words } = wordErrors(asSpoken(text), asSpoken(heard));
  return words === 0 ? 1 : errors / words;
}

function asSpoken(raw: string): string {
  return speakableText(raw, { language: 'en', rawStart: 0, atLineStart: true }).text;
}
