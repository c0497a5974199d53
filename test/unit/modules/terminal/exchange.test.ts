import { describe, expect, it } from 'vitest';
import { askAloud, askInWriting } from '../../../../src-main/modules/terminal/index.ts';
import { openTerminalRig } from '../../../doubles/terminal-rig.ts';

const SECOND = new Float32Array(16_000).fill(0.5);

/** What became of a promise so far. */
function watch<Value>(promise: Promise<Value>): { outcome: Value | undefined; error: unknown } {
  const seen: { outcome: Value | undefined; error: unknown } = { outcome: undefined, error: undefined };
  promise.then(
    (value) => (seen.outcome = value),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

describe('askAloud', () => {
  it('speaks the recording in real time and collects question, answer, times and sound', async () => {
    const { clock, page, captured, talkState, asked, answers, answered, latency, spoken } = await openTerminalRig();
    const seen = watch(askAloud(page, SECOND, 'real-time'));
    await clock.advance(500);
    talkState('listening');
    await clock.advance(700);
    expect(captured().filter((sample) => sample > 0.4).length).toBe(16_000);
    asked('q', 'Where do penguins live?');
    talkState('thinking');
    answers('a', 'In the');
    spoken('u', new Float32Array(2_400).fill(0.25));
    talkState('speaking');
    await clock.advance(300);
    latency('a', 412);
    expect(seen.outcome).toBeUndefined();
    answered('a', 'In the south.');
    await clock.advance(0);
    expect(seen.outcome).toBeUndefined();
    talkState('ready');
    await clock.advance(0);
    expect(seen.outcome).toMatchObject({
      transcript: 'Where do penguins live?',
      answer: 'In the south.',
      status: 'complete',
      latencyMs: { e2e_latency: 412 },
      problem: undefined,
    });
    expect(seen.outcome?.sound.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(2_400);
  });

  it('gives a long recording while the key is held, eight times as fast, with room before and behind', async () => {
    const { clock, page, captured, callsOf, talkState, asked, answers, answered } = await openTerminalRig({ mode: 'push-to-talk' });
    const minutes = new Float32Array(86 * 16_000).fill(0.5);
    const seen = watch(askAloud(page, minutes, 'at-once'));
    talkState('listening');
    await clock.advance(10_900);
    expect(callsOf('session.press')).toEqual([{ down: true }]);
    await clock.advance(200);
    expect(callsOf('session.press')).toEqual([{ down: true }, { down: false }]);
    const loud = captured();
    expect([loud.findIndex((sample) => sample > 0.4), loud.filter((sample) => sample > 0.4).length]).toEqual([16_000, minutes.length]);
    // Recognition is still at work two minutes later.
    await clock.advance(120_000);
    expect(seen.error).toBeUndefined();
    asked('q', 'a long story');
    answers('a', 'I see.');
    answered('a', 'I see.');
    talkState('ready');
    await clock.advance(0);
    expect(seen.outcome).toMatchObject({ transcript: 'a long story', answer: 'I see.' });
  });

  it('says that there were no words when nothing was heard', async () => {
    const { clock, page } = await openTerminalRig();
    const seen = watch(askAloud(page, new Float32Array(16_000), 'real-time'));
    await clock.advance(6_900);
    expect(seen.error).toBeUndefined();
    await clock.advance(200);
    expect(seen.error).toMatchObject({ code: 'talk.nothing-heard', message: expect.stringContaining('check that it holds speech') });
  });

  it('says that there were no words when a sound was heard that was none', async () => {
    const { clock, page, talkState } = await openTerminalRig();
    const seen = watch(askAloud(page, SECOND, 'real-time'));
    talkState('listening');
    await clock.advance(30_000);
    expect(seen.error).toBeUndefined();
    talkState('ready');
    await clock.advance(6_100);
    expect(seen.error).toMatchObject({ code: 'talk.nothing-heard' });
  });

  it('counts the last of several questions, and none that was taken back', async () => {
    const { clock, page, talkState, asked, answers, answered, withdrawn } = await openTerminalRig();
    const seen = watch(askAloud(page, SECOND, 'real-time'));
    talkState('listening');
    asked('q1', 'I would like');
    answers('a1', 'What');
    withdrawn('a1');
    withdrawn('q1');
    asked('q2', 'I would like to know the time.');
    answers('a2', 'Noon.');
    answered('a2', 'Noon.');
    await clock.advance(2_000);
    expect(seen.outcome).toBeUndefined();
    asked('q3', 'And the date?');
    talkState('speaking');
    answers('a3', 'May.');
    answered('a3', 'May.');
    talkState('ready');
    await clock.advance(0);
    expect(seen.outcome).toMatchObject({ transcript: 'And the date?', answer: 'May.' });
  });

  it('gives up with a message when no answer comes', async () => {
    const { clock, page, talkState, asked } = await openTerminalRig();
    const seen = watch(askAloud(page, SECOND, 'real-time'));
    await clock.advance(1_000);
    asked('q', 'Are you there?');
    talkState('thinking');
    await clock.advance(60_000);
    expect(seen.error).toMatchObject({ code: 'talk.timeout', message: expect.stringContaining('npm run doctor') });
  });

  it('passes on what the core says is wrong, at once', async () => {
    const { clock, page, talkState, notice } = await openTerminalRig();
    const seen = watch(askAloud(page, SECOND, 'real-time'));
    await clock.advance(1_000);
    talkState('listening');
    notice({ level: 'info', code: 'worker.restarted', message: 'never mind' });
    await clock.advance(0);
    expect(seen.error).toBeUndefined();
    notice({ level: 'problem', code: 'recognition.model-damaged', message: 'The model file is damaged: delete it.' });
    await clock.advance(0);
    expect(seen.error).toMatchObject({ code: 'recognition.model-damaged', message: 'The model file is damaged: delete it.' });
  });
});

describe('askInWriting', () => {
  it('waits for the answer to its own question', async () => {
    const { clock, page, callsOf, talkState, asked, answers, answered } = await openTerminalRig();
    const seen = watch(askInWriting(page, 'What time is it?', true));
    await clock.advance(0);
    expect(callsOf('turn.send')).toEqual([{ conversationId: null, text: 'What time is it?', speak: true }]);
    asked('written', 'What time is it?');
    talkState('thinking');
    answers('a', 'Noon.');
    answered('a', 'Noon.');
    talkState('ready');
    await clock.advance(0);
    expect(seen.outcome).toMatchObject({ transcript: 'What time is it?', answer: 'Noon.', status: 'complete', sound: [] });
  });

  it('keeps the part of an answer that came before the fault, and tells the fault', async () => {
    const { clock, page, talkState, asked, answers, notice } = await openTerminalRig();
    const seen = watch(askInWriting(page, 'Tell me a story.', false));
    asked('written', 'Tell me a story.');
    talkState('thinking');
    answers('a', 'Once upon a', 'failed');
    notice({ level: 'problem', code: 'language.cut-off', message: 'The answer was cut off.' });
    await clock.advance(0);
    expect(seen.outcome).toMatchObject({ answer: 'Once upon a', status: 'failed', problem: { code: 'language.cut-off' } });
  });

  it('ends when the model had nothing to say', async () => {
    const { clock, page, bridge, talkState, asked } = await openTerminalRig();
    const seen = watch(askInWriting(page, 'Hm.', false));
    asked('written', 'Hm.');
    talkState('thinking');
    bridge.tell('answer.progress', { conversationId: 'conversation', messageId: 'a', text: '', heardChars: null, done: true });
    talkState('ready');
    await clock.advance(0);
    expect(seen.outcome).toMatchObject({ transcript: 'Hm.', answer: '', status: 'failed' });
  });
});

describe('openHeadlessPage', () => {
  it('says that the core opens no session', async () => {
    await expect(openTerminalRig({ sessionId: null })).rejects.toMatchObject({
      code: 'talk.no-session',
      message: expect.stringContaining('npm run doctor'),
    });
  });

  it('ends its session, closes its sound and leaves no timer behind', async () => {
    const { clock, page, callsOf, closedPorts } = await openTerminalRig();
    await clock.advance(100);
    await page.close();
    expect(callsOf('session.stop')).toEqual([{}]);
    expect(closedPorts.toSorted()).toEqual(['capture', 'playback']);
    expect(clock.pendingTimers()).toBe(0);
  });
});
