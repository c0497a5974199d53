/** A line to Asterisk that is connected, whichever protocol it speaks. Frames of 20 ms go out at the pace of whoever sends. */
export interface LegLine {
  /** Rate of what must be sent now; null = Asterisk has not shown yet which one it wants. */
  sampleRateHz(): number | null;
  /** One frame of 20 ms at that rate. A line that does not take sound any more loses it, and is closed when that goes on. */
  send(samples: Float32Array): void;
  /** What Asterisk has taken and not played yet is thrown away, where the protocol can. */
  flush(): void;
  /** Ends the call of this line and closes it; idempotent. `closed` is told all the same. */
  hangUp(): void;
}

/** Whoever owns the line. */
export interface LegLineListener {
  audio(samples: Float32Array, sampleRateHz: number): void;
  digit(digit: string): void;
  /** Exactly once; nothing follows. */
  closed(): void;
}

/** Asked once a connection has said which leg it is; undefined = nobody expects it, it is hung up. */
export type AcceptLine = (legId: string, line: LegLine) => LegLineListener | undefined;

export const FRAME_MS = 20;

export function frameSamples(sampleRateHz: number): number {
  return (sampleRateHz * FRAME_MS) / 1000;
}

/** Sound that Asterisk does not take, in bytes: half a second at 16 kHz. Beyond it frames are lost instead of heard late. */
export const MAX_UNSENT_BYTES = 16_000;
/** A line that takes nothing for so long is dead. */
export const DEAD_AFTER_MS = 5_000;
/** A connection that does not say whose it is, or does not close when asked. */
export const INTRODUCTION_MS = 2_000;
export const CLOSE_GRACE_MS = 500;
/** More at once is an attack, or a loop in a dialplan. */
export const MAX_CONNECTIONS = 128;
