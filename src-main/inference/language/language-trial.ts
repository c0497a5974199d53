import type { CallResult } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { toErrorData } from '../../base/errors.ts';
import type { LanguageModel, PromptMessage } from '../contracts/index.ts';

export type TrialResult = CallResult<'models.testBackend'>;

/** Nobody sits in front of a test button for longer. */
const TRIAL_MS = 60_000;
const TRIAL: readonly PromptMessage[] = [
  { role: 'system', text: 'You are a helpful assistant. Answer in one short sentence.' },
  { role: 'user', text: 'Say hello.' },
];

/** One real short completion, measured from the request to its end. Failures are part of the result. */
export async function tryModel(model: LanguageModel, clock: Clock): Promise<TrialResult> {
  const startedAtMs = clock.nowMs();
  const controller = new AbortController();
  const timer = clock.after(TRIAL_MS, () => controller.abort());
  try {
    const { text, finishReason } = await model.generate(TRIAL, { maxTokens: 40, temperature: 0, signal: controller.signal });
    const latencyMs = clock.nowMs() - startedAtMs;
    if (finishReason !== 'aborted') return { ok: true, answer: text.trim(), latencyMs };
    const code = 'language.timeout';
    return {
      ok: false,
      answer: text.trim(),
      latencyMs,
      code,
      message: `No whole answer within ${TRIAL_MS / 1000} s. Choose a smaller model.`,
      details: { where: model.name, seconds: TRIAL_MS / 1000 },
    };
  } catch (error) {
    return failedTrial(error, clock.nowMs() - startedAtMs);
  } finally {
    timer.cancel();
  }
}

export function failedTrial(error: unknown, latencyMs: number): TrialResult {
  return { ok: false, answer: '', latencyMs, ...toErrorData(error) };
}
