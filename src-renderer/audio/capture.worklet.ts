import type { CaptureMessage } from '../../src-preload/contract/index.ts';
import { createCapturePipe } from './capture-pipe.ts';
import type { CaptureCommand, CaptureNotice } from './capture-messages.ts';

/** Samples go from here straight to the recognition worker (or its socket); the page's main thread only hears how loud it is. */
class CaptureProcessor extends AudioWorkletProcessor {
  #target: MessagePort | undefined;
  #closed = false;
  readonly #pipe = createCapturePipe({
    inputRateHz: sampleRate,
    onBlock: (samples) => this.#send({ type: 'capture', samples }),
    onLevel: (level) => this.#notify({ type: 'level', level }),
  });

  constructor() {
    super();
    this.port.addEventListener('message', (event: MessageEvent<CaptureCommand>) => this.#obey(event.data));
    this.port.start();
  }

  #send(message: CaptureMessage): void {
    this.#target?.postMessage(message);
  }

  #notify(notice: CaptureNotice): void {
    this.port.postMessage(notice);
  }

  #obey(command: CaptureCommand): void {
    this.#target?.close();
    this.#target = command.type === 'attach' ? command.port : undefined;
    this.#closed = command.type === 'close';
  }

  process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0];
    if (channels && channels.length > 0) this.#pipe(channels);
    return !this.#closed;
  }
}

registerProcessor('capture', CaptureProcessor);
