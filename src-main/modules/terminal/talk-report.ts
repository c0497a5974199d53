import { encodeWav, joinSamples, resample } from '../../platform/audio/index.ts';
import type { TerminalExchange } from './exchange.ts';
import type { PlayedPiece } from './speaker.ts';

/** What a person reads: words first, then the time each stage took. */
export function exchangeText(exchange: TerminalExchange): string {
  const stages = Object.entries(exchange.latencyMs).map(
    ([stage, ms]) =>
      `  ${stage.padEnd(20)}${Math.round(ms ?? 0)
        .toString()
        .padStart(6)} ms`,
  );
  return [`You:  ${exchange.transcript}`, `Nova: ${exchange.answer}`, ...(stages.length > 0 ? ['', ...stages] : [])].join('\n');
}

/** What a program reads; the last line of `talk --json`. */
export function exchangeJson(exchange: TerminalExchange): string {
  const latency = Object.fromEntries(Object.entries(exchange.latencyMs).map(([stage, ms]) => [stage, Math.round((ms ?? 0) * 10) / 10]));
  return JSON.stringify({ transcript: exchange.transcript, answer: exchange.answer, status: exchange.status, latency_ms: latency });
}

/** Everything that was played, as one WAV file at the rate of its first sound; undefined when nothing was. */
export function soundFile(pieces: readonly PlayedPiece[]): Uint8Array | undefined {
  const [first] = pieces;
  if (!first) return undefined;
  const { sampleRateHz } = first;
  const stretches = stretchesOfOneRate(pieces).map((stretch) =>
    resample(joinSamples(stretch.map(({ samples }) => samples)), stretch[0]?.sampleRateHz ?? sampleRateHz, sampleRateHz),
  );
  return encodeWav({ samples: joinSamples(stretches), sampleRateHz });
}

/** The voice may change in mid-answer, and its rate with it. */
function stretchesOfOneRate(pieces: readonly PlayedPiece[]): PlayedPiece[][] {
  const stretches: PlayedPiece[][] = [];
  for (const piece of pieces) {
    const last = stretches.at(-1);
    if (last?.[0]?.sampleRateHz === piece.sampleRateHz) last.push(piece);
    else stretches.push([piece]);
  }
  return stretches;
}
