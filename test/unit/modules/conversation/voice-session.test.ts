import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createConversationRig, MS_PER_CHARACTER } from '../../../doubles/conversation-rig.ts';

const LONG = 'The capital of France is Paris. It lies on the Seine. Many people live there and it is old.';

/** Speaks a question and lets the answer become audible. */
async function ask(rig: ReturnType<typeof createConversationRig>, words = 'What is the capital of France?') {
  await rig.user.say(words);
  await rig.clock.advance(800);
}

const stored = (rig: ReturnType<typeof createConversationRig>) =>
  rig.store.messages.map(({ role, text, heardChars, status }) => ({ role, text, heardChars, status }));

describe('createVoiceSession', () => {
  it('answers a spoken question aloud and keeps both in the history', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    expect(rig.session.talkState()).toEqual({ state: 'speaking', paused: false });
    await rig.clock.advance(60_000);
    expect(stored(rig)).toEqual([
      { role: 'user', text: 'What is the capital of France?', heardChars: null, status: 'complete' },
      { role: 'assistant', text: LONG, heardChars: LONG.length, status: 'complete' },
    ]);
    expect(rig.session.talkState()).toEqual({ state: 'ready' });
    expect(rig.clock.pendingTimers()).toBe(0);
  });

  it('is silent and shows nothing until the turn is its own', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await rig.user.say('What is the capital', { probability: 0.05 });
    await rig.clock.advance(800);
    expect(rig.questions).toEqual(['What is the capital']);
    expect(rig.player.audible).toEqual([]);
    expect(rig.events.filter(({ name }) => name !== 'transcript.partial')).toEqual([]);
    await rig.user.say('of France?');
    await rig.clock.advance(60_000);
    expect(rig.questions).toEqual(['What is the capital', 'What is the capital of France?']);
    expect(rig.player.audible).toHaveLength(1);
    expect(stored(rig)).toHaveLength(2);
  });

  it('tells the agent under which id its question will be kept, so that it is not read twice when it is kept meanwhile', async () => {
    const asked: (string | undefined)[] = [];
    const rig = createConversationRig({
      answers: () => LONG,
      async answer({ beforeMessageId, onText }) {
        asked.push(beforeMessageId);
        onText(LONG);
        return {
          text: LONG,
          finishReason: 'stop',
          tainted: false,
          timeToFirstTokenMs: 0,
          promptTokens: 0,
          cachedPromptTokens: 0,
          completionTokens: 0,
        };
      },
    });
    await ask(rig);
    expect(asked).toEqual([rig.store.messages[0]?.id]);
  });

  it('passes on the words of a question while it is spoken, and not those said over an answer', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    expect(rig.words).toEqual(['What is the capital of France?']);
    await rig.user.say('mhm', { durationMs: 200 });
    expect(rig.words).toHaveLength(1);
  });

  it('falls silent at the first sound of the user and keeps only the words that were heard', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.clock.advance(1500);
    const talking = rig.user.say('No, I meant Spain.', { durationMs: 700 });
    await rig.clock.advance(65);
    expect(rig.player.isSilent()).toBe(true);
    await talking;
    await rig.clock.advance(100);
    const [, answer] = rig.store.messages;
    expect(answer).toMatchObject({ status: 'interrupted', role: 'assistant' });
    const heardMs = (rig.player.audible[0]?.toMs ?? 0) - (rig.player.audible[0]?.fromMs ?? 0);
    expect(answer?.heardChars).toBeGreaterThan(5);
    expect(answer?.heardChars).toBeLessThanOrEqual(heardMs / MS_PER_CHARACTER + 1);
    expect(LONG.slice(0, answer?.heardChars ?? 0)).toMatch(/\p{L}$/u);
    expect(rig.interruptions).toEqual(['interrupted']);
  });

  it('plays on after a cough', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.user.say('', { durationMs: 150, partial: false });
    rig.user.endSpeech();
    expect(rig.session.talkState()).toEqual({ state: 'speaking', paused: false });
    await rig.clock.advance(60_000);
    expect(stored(rig)[1]).toEqual({ role: 'assistant', text: LONG, heardChars: LONG.length, status: 'complete' });
    expect(rig.interruptions).toEqual(['resumed']);
  });

  it.each(['mhm', 'Okay.', 'yeah I see', 'uh huh'])('plays on after "%s"', async (words) => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.user.say(words, { durationMs: 250 });
    await rig.clock.advance(60_000);
    expect(stored(rig).map(({ status }) => status)).toEqual(['complete', 'complete']);
    expect(rig.questions).toHaveLength(1);
  });

  it('makes no question of an "okay" into the end of an answer, and one of the "okay" that replies to it', async () => {
    const rig = createConversationRig({ answers: () => 'Shall I set it for seven?', interruption: 'never' });
    await ask(rig);
    await rig.user.say('Okay.', { durationMs: 1500 });
    rig.user.endSpeech();
    await rig.clock.advance(5000);
    expect(rig.questions).toHaveLength(1);
    await rig.user.say('Okay.', { durationMs: 300 });
    await rig.clock.advance(5000);
    expect(rig.questions.slice(1)).toEqual(['Okay.']);
  });

  it('is interrupted when "mhm" turns out to be the beginning of a sentence', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.user.say('mhm', { durationMs: 200 });
    await rig.user.say('but what about Spain?');
    await rig.clock.advance(60_000);
    expect(rig.questions.at(-1)).toBe('mhm but what about Spain?');
    expect(stored(rig).map(({ status }) => status)).toEqual(['complete', 'interrupted', 'complete', 'complete']);
  });

  it('does not begin again between the first word of an interruption and the others', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.clock.advance(1500);
    await rig.user.say('Well', { durationMs: 200, partial: false });
    await rig.clock.advance(50);
    expect(rig.player.isSilent()).toBe(true);
    await rig.user.say('I meant Spain.', { partial: false });
    expect(rig.player.isSilent()).toBe(true);
    expect(rig.interruptions).toEqual(['interrupted']);
  });

  it('plays on once it has been silent behind a lone word', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.clock.advance(1500);
    await rig.user.say('Well', { durationMs: 200, partial: false });
    expect(rig.player.isSilent()).toBe(true);
    await rig.clock.advance(180);
    expect(rig.player.isSilent()).toBe(false);
    expect(rig.interruptions).toEqual(['resumed']);
  });

  it('plays on after a long noise without a word and can still be interrupted by words', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    const noise = rig.user.say('', { durationMs: 3000, partial: false });
    await rig.clock.advance(200);
    expect(rig.session.talkState()).toEqual({ state: 'speaking', paused: true });
    await rig.clock.advance(1600);
    expect(rig.session.talkState()).toEqual({ state: 'speaking', paused: false });
    await noise;
  });

  it('never takes its own voice for the user', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.clock.advance(500);
    await rig.user.say('capital of France is Paris');
    await rig.clock.advance(60_000);
    expect(rig.questions).toHaveLength(1);
    expect(stored(rig)[1]).toMatchObject({ status: 'complete', heardChars: LONG.length });
  });

  it('does not stutter on its echo: the second time it waits for words before it pauses', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.user.say('The capital of France');
    rig.user.endSpeech();
    const second = rig.user.say('capital of France is Paris', { durationMs: 900 });
    await rig.clock.advance(300);
    expect(rig.session.talkState()).toEqual({ state: 'speaking', paused: false });
    await second;
    await rig.user.say('wait, tell me about Rome instead');
    await rig.clock.advance(300);
    expect(rig.interruptions.at(-1)).toBe('interrupted');
  });

  it('stops on "stop" and does not answer it', async () => {
    const rig = createConversationRig({ answers: () => LONG });
    await ask(rig);
    await rig.user.say('Stop!');
    rig.user.endSpeech();
    await rig.clock.advance(60_000);
    expect(rig.questions).toHaveLength(1);
    expect(stored(rig).map(({ status }) => status)).toEqual(['complete', 'interrupted']);
    expect(rig.session.talkState()).toEqual({ state: 'ready' });
  });

  it('joins the words when the user goes on before the answer was heard', async () => {
    const rig = createConversationRig({ answers: (question) => ({ text: `You said: ${question}`, firstTokenMs: 3000 }) });
    await rig.user.say('Remind me tomorrow.');
    await rig.clock.advance(700);
    expect(rig.session.talkState()).toEqual({ state: 'thinking' });
    expect(rig.named).toEqual([{ question: 'Remind me tomorrow.', former: undefined }]);
    await rig.user.say('At five in the evening.');
    await rig.clock.advance(60_000);
    expect(rig.named.slice(1)).toEqual([{ question: 'Remind me tomorrow. At five in the evening.', former: 'Remind me tomorrow.' }]);
    expect(stored(rig)).toEqual([
      { role: 'user', text: 'Remind me tomorrow. At five in the evening.', heardChars: null, status: 'complete' },
      { role: 'assistant', text: 'You said: Remind me tomorrow. At five in the evening.', heardChars: 53, status: 'complete' },
    ]);
  });

  it('answers after all when the words that were going on come to nothing', async () => {
    const rig = createConversationRig({ answers: (question) => ({ text: `You said: ${question}`, firstTokenMs: 2000 }) });
    await rig.user.say('Remind me tomorrow.');
    await rig.clock.advance(700);
    const goingOn = rig.user.say('', { partial: false });
    await rig.clock.advance(300);
    rig.session.handle({
      type: 'transcript.partial',
      sessionId: 's',
      speechId: 'speech-2',
      text: 'At five',
      language: 'en',
      voicedMs: 300,
    });
    await goingOn;
    rig.user.endSpeech();
    await rig.clock.advance(60_000);
    expect(stored(rig).map(({ text, status }) => [text, status])).toEqual([
      ['Remind me tomorrow.', 'complete'],
      ['You said: Remind me tomorrow.', 'complete'],
    ]);
  });

  it('takes nothing of what was said into another conversation: neither the answer begun early nor the question that was going on', async () => {
    const rig = createConversationRig({ answers: (question) => ({ text: `You said: ${question}`, firstTokenMs: 3000 }) });
    await rig.user.say('Remind me tomorrow.');
    await rig.clock.advance(700);
    await rig.user.say('At five in the', { probability: 0.05 });
    expect(rig.questions.at(-1)).toBe('Remind me tomorrow. At five in the');
    rig.floor.setConversation(null);
    rig.session.conversationChanged();
    rig.user.endSpeech();
    await rig.clock.advance(10_000);
    await rig.user.say('Hello.');
    await rig.clock.advance(60_000);
    expect([rig.questions.at(-1), rig.session.talkState()]).toEqual(['Hello.', { state: 'ready' }]);
    expect(stored(rig).map(({ text }) => text)).toEqual(['Remind me tomorrow.', 'Hello.', 'You said: Hello.']);
  });

  it('takes an answer back from the page that ends before its first word', async () => {
    const rig = createConversationRig({ answers: () => ({ text: 'Here it is.', firstTokenMs: 2000 }) });
    const told = (name: string): unknown[] => rig.events.filter((event) => event.name === name).map(({ payload }) => payload);
    await rig.user.say('Think hard.');
    await rig.clock.advance(700);
    const [progress] = told('answer.progress') as { messageId: string; conversationId: string }[];
    rig.floor.stop();
    await rig.clock.advance(10);
    const { messageId, conversationId } = progress ?? {};
    expect(told('message.removed')).toEqual([{ messageId, conversationId }]);
    expect(messageId).toBeDefined();
    expect(stored(rig).map(({ text }) => text)).toEqual(['Think hard.']);
  });

  it('keeps thinking when the user only coughs meanwhile', async () => {
    const rig = createConversationRig({ answers: () => ({ text: 'Here it is.', firstTokenMs: 2000 }) });
    await rig.user.say('Think hard.');
    await rig.clock.advance(500);
    await rig.user.say('', { durationMs: 200, partial: false });
    rig.user.endSpeech();
    await rig.clock.advance(60_000);
    expect(stored(rig).map(({ text }) => text)).toEqual(['Think hard.', 'Here it is.']);
  });

  it('only listens while the key is down in push-to-talk mode, and the release ends the turn', async () => {
    const rig = createConversationRig({ answers: () => LONG, mode: 'push-to-talk' });
    expect(rig.session.listenOptions()).toMatchObject({ enabled: false, manual: true });
    rig.session.press(true);
    expect(rig.session.listenOptions()).toMatchObject({ enabled: true });
    expect(rig.session.talkState()).toEqual({ state: 'listening' });
    await rig.user.say('What is the capital');
    await rig.clock.advance(5000);
    expect(rig.player.audible).toEqual([]);
    await rig.user.say('of France?');
    rig.session.press(false);
    await rig.clock.advance(1000);
    expect(rig.session.talkState()).toEqual({ state: 'speaking', paused: false });
  });

  it('ends the answer when the key is pressed while it speaks', async () => {
    const rig = createConversationRig({ answers: () => LONG, mode: 'push-to-talk' });
    rig.session.press(true);
    await rig.user.say('Hello.');
    rig.session.press(false);
    await rig.clock.advance(1000);
    rig.session.press(true);
    expect(rig.session.talkState()).toEqual({ state: 'listening' });
    await rig.clock.advance(10);
    expect(stored(rig)[1]).toMatchObject({ status: 'interrupted' });
  });

  it('lets only stop words through when the owner wants it so', async () => {
    const rig = createConversationRig({ answers: () => LONG, interruption: 'stop-words' });
    await ask(rig);
    await rig.user.say('What about Spain then?');
    rig.user.endSpeech();
    await rig.clock.advance(200);
    expect(rig.session.talkState()).toEqual({ state: 'speaking', paused: false });
    await rig.user.say('stop');
    await rig.clock.advance(100);
    expect(rig.session.talkState().state).not.toBe('speaking');
  });

  it('speaks what the model had written when it fails in mid-answer, and says so', async () => {
    const error = new AppError('language.cut-off', 'The server stopped in mid-answer.');
    const rig = createConversationRig({ answers: () => ({ text: LONG, failAfterTokens: 9, error }) });
    await ask(rig);
    await rig.clock.advance(60_000);
    expect(rig.errors).toEqual(['language.cut-off']);
    expect(stored(rig)[1]).toMatchObject({ status: 'failed', text: 'The capital of France is Paris. It lies on' });
    expect(rig.player.audible).toHaveLength(1);
  });

  it('keeps the words of an exchange that the disk refuses and writes them when it can', async () => {
    const rig = createConversationRig({ answers: () => 'Fine.' });
    await ask(rig, 'First.');
    await rig.clock.advance(10_000);
    rig.store.failWith(new AppError('store.disk-full', 'The disk is full.'));
    await ask(rig, 'Second.');
    await rig.clock.advance(3000);
    expect(rig.store.messages.map(({ text }) => text)).toEqual(['First.', 'Fine.']);
    expect(rig.messages.unsavedCount()).toBe(2);
    rig.store.failWith(undefined);
    await rig.clock.advance(6000);
    expect(rig.store.messages.map(({ text }) => text)).toEqual(['First.', 'Fine.', 'Second.', 'Fine.']);
    expect(rig.errors).toEqual(['store.disk-full', 'saved']);
  });

  it('says a clause again when the voice dies in the middle of it', async () => {
    let calls = 0;
    const rig = createConversationRig({
      answers: () => 'One sentence. Another one.',
      speak: async ({ utteranceId, segmentIndex, text }) => {
        calls += 1;
        if (calls === 2) throw new AppError('worker.crashed', 'The voice stopped.');
        rig.player.sound(utteranceId, 300);
        const { segment } = await import('../../../doubles/conversation-rig.ts');
        return segment(utteranceId, segmentIndex, text);
      },
    });
    await ask(rig);
    await rig.clock.advance(10_000);
    expect(calls).toBe(3);
    expect(rig.errors).toEqual(['worker.crashed']);
    expect(stored(rig)[1]).toMatchObject({ status: 'complete', text: 'One sentence. Another one.' });
  });

  it('loses nothing over three thousand turns', { timeout: 60_000 }, async () => {
    const rig = createConversationRig({ answers: (question) => `Answer to ${question}` });
    for (let turn = 0; turn < 3000; turn += 1) {
      await rig.user.say(`question ${turn}.`, { durationMs: 100 });
      await rig.clock.advance(3000);
    }
    expect(rig.store.messages).toHaveLength(6000);
    expect(rig.store.messages.every(({ status }) => status === 'complete')).toBe(true);
    expect(rig.clock.pendingTimers()).toBe(0);
  });
});
