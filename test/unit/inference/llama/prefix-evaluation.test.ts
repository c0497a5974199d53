import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { array, asyncProperty, assert, integer } from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPrefixEvaluation } from '../../../../src-main/inference/llama/prefix-evaluation.ts';

const never = new AbortController().signal;
const tokens = (length: number, from = 0): Token[] => Array.from({ length }, (_each, index) => (from + index) as Token);

/** A sequence that evaluates at a given speed on a clock of its own; only what the evaluation uses of it is there. */
function createSequence(msPerToken = 1) {
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const evaluated: Token[] = [];
  const pieces: number[] = [];
  const speed = { msPerToken };
  const sequence = {
    get nextTokenIndex() {
      return evaluated.length;
    },
    async adaptStateToTokens(wanted: Token[]) {
      let same = 0;
      while (same < evaluated.length && evaluated[same] === wanted[same]) same += 1;
      evaluated.splice(same);
    },
    async evaluateWithoutGeneratingNewTokens(piece: Token[]) {
      pieces.push(piece.length);
      nowMs += piece.length * speed.msPerToken;
      evaluated.push(...piece);
    },
  };
  return { sequence: sequence as unknown as LlamaContextSequence, evaluated, pieces, speed };
}

afterEach(() => vi.restoreAllMocks());

describe('createPrefixEvaluation', () => {
  it('evaluates everything at first, and then only what is new', async () => {
    const { sequence, evaluated, pieces } = createSequence();
    const evaluation = createPrefixEvaluation(1_000);
    expect(await evaluation.evaluate(sequence, tokens(30), never)).toBe(0);
    expect(await evaluation.evaluate(sequence, tokens(40), never)).toBe(30);
    expect(evaluated).toEqual(tokens(40));
    expect(pieces).toEqual([30, 10]);
  });

  it('forgets what differs', async () => {
    const { sequence, evaluated } = createSequence();
    const evaluation = createPrefixEvaluation(1_000);
    await evaluation.evaluate(sequence, tokens(50), never);
    expect(await evaluation.evaluate(sequence, [...tokens(30), ...tokens(10, 500)], never)).toBe(30);
    expect(evaluated).toEqual([...tokens(30), ...tokens(10, 500)]);
  });

  it('stops within one piece when it is aborted, and goes on from there', async () => {
    const { sequence, evaluated, pieces } = createSequence(5);
    const evaluation = createPrefixEvaluation(40);
    const controller = new AbortController();
    const evaluate = sequence.evaluateWithoutGeneratingNewTokens.bind(sequence);
    sequence.evaluateWithoutGeneratingNewTokens = async (piece) => {
      await evaluate(piece);
      if (pieces.length === 3) controller.abort();
    };
    await evaluation.evaluate(sequence, tokens(400), controller.signal);
    expect(pieces).toHaveLength(3);
    const reached = evaluated.length;
    expect(await evaluation.evaluate(sequence, tokens(400), never)).toBe(reached);
    expect(evaluated).toEqual(tokens(400));
  });

  it('evaluates nothing for somebody who has given up', async () => {
    const { sequence, pieces } = createSequence();
    await createPrefixEvaluation(40).evaluate(sequence, tokens(100), AbortSignal.abort());
    expect(pieces).toEqual([]);
  });

  it.each([
    ['slow', 8, 40, 8],
    ['ordinary', 0.5, 40, 80],
    ['very fast', 0.01, 40, 512],
  ])('learns how much a %s machine does in time', async (_what, msPerToken, pieceMs, expected) => {
    const { sequence, pieces } = createSequence(msPerToken);
    await createPrefixEvaluation(pieceMs).evaluate(sequence, tokens(4_000), never);
    expect(pieces[0]).toBe(32);
    expect(pieces[1]).toBe(expected);
  });

  it('does not judge the machine by short pieces', async () => {
    const { sequence, pieces, speed } = createSequence(0.5);
    const evaluation = createPrefixEvaluation(40);
    await evaluation.evaluate(sequence, tokens(64), never);
    speed.msPerToken = 100;
    await evaluation.evaluate(sequence, tokens(70), never);
    speed.msPerToken = 0.5;
    await evaluation.evaluate(sequence, tokens(300), never);
    expect(pieces.slice(0, 3)).toEqual([32, 32, 6]);
  });

  it('always ends with exactly the tokens that were asked for', async () => {
    await assert(
      asyncProperty(array(array(integer({ min: 0, max: 2 }), { maxLength: 200 }), { minLength: 1, maxLength: 6 }), async (prompts) => {
        const { sequence, evaluated } = createSequence();
        const evaluation = createPrefixEvaluation(40);
        for (const prompt of prompts) {
          await evaluation.evaluate(sequence, prompt as Token[], never);
          expect(evaluated).toEqual(prompt);
        }
      }),
      { numRuns: 50 },
    );
  });
});
