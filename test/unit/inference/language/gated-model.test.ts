import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createGatedModel } from '../../../../src-main/inference/language/gated-model.ts';
import { createOpenGate } from '../../../doubles/open-gate.ts';
import { createScriptedLanguageModel } from '../../../doubles/scripted-language-model.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const ASK = [{ role: 'user', text: 'Hello?' }] as const;
const OPTIONS = { maxTokens: 20, temperature: 0 };

function setUp() {
  const clock = createVirtualClock();
  const inner = createScriptedLanguageModel({ clock, answers: ['One two three four.'], usesTools: true, parameterCount: 4e9 });
  const gate = createOpenGate();
  return { clock, inner, gate, model: createGatedModel(inner, gate) };
}

describe('createGatedModel', () => {
  it('is the model while the gate is open', async () => {
    const { clock, model } = setUp();
    const answer = model.generate(ASK, OPTIONS);
    await clock.advance(1_000);
    expect(await answer).toMatchObject({ text: 'One two three four.', finishReason: 'stop' });
    expect(model).toMatchObject({ name: 'Scripted', usesTools: true, parameterCount: 4e9, contextTokens: 2048 });
    expect(await model.countTokens(['one two'])).toEqual([2]);
  });

  it('lets nothing through while it is shut', async () => {
    const { inner, gate, model } = setUp();
    gate.shut('inference');
    await expect(model.generate(ASK, OPTIONS)).rejects.toMatchObject({ code: 'killswitch.engaged' });
    await expect(model.countTokens(['one'])).rejects.toMatchObject({ code: 'killswitch.engaged' });
    await model.preload(ASK);
    expect([inner.generations, inner.preloads]).toEqual([[], []]);
  });

  it('ends what runs the moment it shuts, with the reason', async () => {
    const { clock, inner, gate, model } = setUp();
    const answer = model.generate(ASK, OPTIONS).catch((error: unknown) => error);
    await clock.advance(60);
    gate.shut('inference');
    expect(inner.generations[0]?.outcome).toBe('aborted');
    expect(await answer).toBeInstanceOf(AppError);
    expect(await answer).toMatchObject({ code: 'killswitch.engaged' });
  });

  it('ends quietly when its caller gave up as well', async () => {
    const { clock, gate, model } = setUp();
    const caller = new AbortController();
    const answer = model.generate(ASK, { ...OPTIONS, signal: caller.signal });
    await clock.advance(60);
    caller.abort();
    gate.shut('inference');
    expect(await answer).toMatchObject({ finishReason: 'aborted' });
  });
});
