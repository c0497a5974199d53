import type { LlamaContextSequence, Token } from 'node-llama-cpp';

/** No evaluation is shorter than this: smaller batches waste the processor. */
const SMALLEST_BATCH = 8;
const LARGEST_BATCH = 512;
/** Before the speed is known: under half a second on a slow machine. */
const FIRST_BATCH = 32;

/** Evaluates prompts piece by piece, so that an abort never waits for more than one piece. Learns how large a piece may be. */
export interface PrefixEvaluation {
  /**
   * Brings the sequence to exactly `tokens`: keeps what is already evaluated, forgets what differs, evaluates the rest. Resolves with the number
   * of tokens that were kept; an abort leaves the sequence at a beginning of `tokens`, which the next call goes on from.
   */
  evaluate(sequence: LlamaContextSequence, tokens: readonly Token[], signal: AbortSignal): Promise<number>;
}

/** `pieceMs`: how long one piece may take. */
export function createPrefixEvaluation(pieceMs: number): PrefixEvaluation {
  let batchTokens = FIRST_BATCH;
  return {
    async evaluate(sequence, tokens, signal) {
      await sequence.adaptStateToTokens([...tokens], false);
      const kept = sequence.nextTokenIndex;
      for (let position = kept; position < tokens.length && !signal.aborted;) {
        const piece = tokens.slice(position, position + batchTokens);
        const startedAtMs = performance.now();
        await sequence.evaluateWithoutGeneratingNewTokens(piece);
        position += piece.length;
        // Short pieces say little about speed.
        if (piece.length >= SMALLEST_BATCH) batchTokens = suited(piece.length, performance.now() - startedAtMs, pieceMs);
      }
      return kept;
    },
  };
}

function suited(tokens: number, elapsedMs: number, pieceMs: number): number {
  const fitting = Math.round((tokens * pieceMs) / Math.max(1, elapsedMs));
  return Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, fitting));
}
