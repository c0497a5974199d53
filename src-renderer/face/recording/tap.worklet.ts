/** Of AudioWorkletGlobalScope: the number of the first sample of this call, counted from the context's beginning. */
declare const currentFrame: number;

/** Samples of one message: a twentieth of a second, so that messages stay few. */
const PIECE_SAMPLES = 2_048;

/** What the tap tells: sound as it goes by, with its place on the context's clock. */
export interface TapPiece {
  samples: Float32Array<ArrayBuffer>;
  startFrame: number;
  /** `Date.now()` when the first sample was reckoned: the audio thread knows no other clock. */
  wallMs: number;
}

/** Listens to one channel and changes nothing, until it is told anything. */
class TapProcessor extends AudioWorkletProcessor {
  #piece = new Float32Array(PIECE_SAMPLES);
  #filled = 0;
  #startFrame = 0;
  #wallMs = 0;
  #closed = false;

  constructor() {
    super();
    this.port.addEventListener('message', () => (this.#closed = true));
    this.port.start();
  }

  override process(inputs: Float32Array[][]): boolean {
    // The browser forgets a processor that says so; every other one runs as long as its context.
    if (this.#closed) return false;
    const samples = inputs[0]?.[0];
    if (samples === undefined) return true;
    // A pause of the source is not part of a piece.
    if (this.#filled > 0 && this.#startFrame + this.#filled !== currentFrame) this.#send();
    if (this.#filled === 0) [this.#startFrame, this.#wallMs] = [currentFrame, Date.now()];
    this.#piece.set(samples, this.#filled);
    this.#filled += samples.length;
    if (this.#filled + samples.length > PIECE_SAMPLES) this.#send();
    return true;
  }

  #send(): void {
    const samples = this.#piece.slice(0, this.#filled);
    const piece: TapPiece = { samples, startFrame: this.#startFrame, wallMs: this.#wallMs };
    this.port.postMessage(piece, [samples.buffer]);
    this.#filled = 0;
  }
}

registerProcessor('tap', TapProcessor);
