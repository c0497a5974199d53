import type { AudioPortMessage } from '../../src-preload/contract/index.ts';
import { createLevelGauge } from './level.ts';
import type { PlaybackNotice, PlaybackOrder } from './playback-messages.ts';
import { createPlaybackQueue } from './playback-queue.ts';

/** Speech comes straight from the synthesis worker (or its socket); the page's main thread sends commands and hears what was played. */
class PlaybackProcessor extends AudioWorkletProcessor {
  #source: MessagePort | undefined;
  #closed = false;
  readonly #gauge = createLevelGauge(Math.round(sampleRate * 0.04), (level) => this.#notify({ type: 'level', level }));
  readonly #queue = createPlaybackQueue(
    sampleRate,
    (fact) => this.#notify({ type: 'fact', fact, wallMs: Date.now() }),
    (timing) => this.#notify({ type: 'timing', timing }),
  );

  constructor() {
    super();
    this.port.addEventListener('message', (event: MessageEvent<PlaybackOrder>) => this.#obey(event.data));
    this.port.start();
  }

  #notify(notice: PlaybackNotice): void {
    this.port.postMessage(notice);
  }

  #obey(order: PlaybackOrder): void {
    if (order.type === 'command') return this.#queue.obey(order.command);
    this.#source?.close();
    this.#source = undefined;
    if (order.type === 'attach') this.#listenTo(order.port);
    else this.#closed = true;
  }

  #listenTo(port: MessagePort): void {
    this.#source = port;
    port.addEventListener('message', (event: MessageEvent<AudioPortMessage>) => {
      const { data } = event;
      if (data.type === 'speech' || data.type === 'speech.timing' || data.type === 'speech.cancelled') this.#queue.receive(data);
    });
    port.start();
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const channel = outputs[0]?.[0];
    if (channel) {
      this.#queue.render(channel);
      this.#gauge(channel);
    }
    return !this.#closed;
  }
}

registerProcessor('playback', PlaybackProcessor);
