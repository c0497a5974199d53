import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { failedTrial, tryModel } from '../../../../src-main/inference/language/language-trial.ts';
import { createScriptedLanguageModel, type ScriptedAnswer } from '../../../doubles/scripted-language-model.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

async function tryWith(answer: ScriptedAnswer) {
  const clock = createVirtualClock();
  const model = createScriptedLanguageModel({ clock, answers: [answer] });
  const trial = tryModel(model, clock);
  await clock.advance(120_000);
  return { result: await trial, clock, model };
}

describe('tryModel', () => {
  it('asks for one short answer and measures it', async () => {
    const { result, clock, model } = await tryWith({ text: ' Hello there.', firstTokenMs: 300, tokenMs: 100 });
    expect(result).toEqual({ ok: true, answer: 'Hello there.', latencyMs: 500 });
    expect(model.generations).toMatchObject([{ maxTokens: 40 }]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('gives up after a minute and stops the model', async () => {
    const { result, model } = await tryWith({ text: 'Hello there.', firstTokenMs: 59_500, tokenMs: 1_000 });
    expect(result).toMatchObject({ ok: false, answer: 'Hello', latencyMs: 60_000, code: 'language.timeout' });
    // What the German sentence of this code needs.
    expect(result.details).toEqual({ where: model.name, seconds: 60 });
    expect(model.generations[0]?.outcome).toBe('aborted');
  });

  it('tells a failure as its result', async () => {
    const error = new AppError('language.busy', 'Too many.', { details: { where: '127.0.0.1:11434' } });
    const { result } = await tryWith({ text: 'Hello', error, firstTokenMs: 20 });
    expect(result).toEqual({
      ok: false,
      answer: '',
      latencyMs: 20,
      code: 'language.busy',
      message: 'Too many.',
      details: { where: '127.0.0.1:11434' },
    });
  });
});

describe('failedTrial', () => {
  it('has a code also for what nobody expected', () => {
    expect(failedTrial(new TypeError('oops'), 7)).toEqual({
      ok: false,
      answer: '',
      latencyMs: 7,
      code: 'internal.unexpected',
      message: 'oops',
      details: {},
    });
  });
});
