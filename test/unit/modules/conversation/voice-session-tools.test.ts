import { describe, expect, it } from 'vitest';
import type { Agent, AnswerRequest } from '../../../../src-main/modules/agent/agent.ts';
import { createDeferred } from '../../../../src-main/base/deferred.ts';
import { createConversationRig } from '../../../doubles/conversation-rig.ts';
import { approvalOf, type ScriptedToolsOptions } from '../../../doubles/scripted-tools.ts';

const YES = 'yes, run it';

/** An agent that says something, lets a tool run until the test says so, and answers. */
function createToolRig(before = '', tools: ScriptedToolsOptions = {}, tainted = false) {
  const running = createDeferred<void>();
  const requests: AnswerRequest[] = [];
  const answer: Agent['answer'] = async (request) => {
    requests.push(request);
    let text = '';
    const write = (piece: string): void => {
      text += piece;
      request.onText(piece);
    };
    await new Promise<void>((resolve) => void rig.clock.after(50, resolve));
    if (before !== '') write(before);
    await request.committed;
    request.onTools?.(true);
    await Promise.race([
      running.promise,
      new Promise((_resolve, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true })),
    ]);
    request.onTools?.(false);
    if (tainted) request.onTainted?.();
    write(`${before === '' ? '' : ' '}There is one note.`);
    return { text, finishReason: 'stop', tainted, timeToFirstTokenMs: 50, promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
  };
  const rig = createConversationRig({ answers: () => '', answer, tools });
  return {
    ...rig,
    requests,
    finishTool: () => running.resolve(),
    async ask(words = 'What is in my notes?') {
      await rig.user.say(words);
      await rig.clock.advance(800);
    },
    /** A question of the tool that runs, as E's tools put it. */
    askApproval: () => rig.tools.askApproval(approvalOf('call-1', rig.floor.conversationId(), rig.clock.wallMs() + 60_000)),
    /** Until the microphone's worker has heard enough silence to end the speech. */
    async fallSilent() {
      await rig.clock.advance(3_000);
      rig.user.endSpeech();
      await rig.clock.advance(50);
    },
    texts: () => rig.store.messages.map(({ text }) => text),
  };
}

describe('a spoken turn with tools', () => {
  it('says who asks, and that it counts only once it does', async () => {
    const rig = createToolRig();
    await rig.user.say('What is in my', { probability: 0.05 });
    await rig.clock.advance(300);
    let counted = 0;
    void rig.requests[0]?.committed.then(() => (counted += 1));
    await rig.user.say('notes?');
    await rig.clock.advance(2_000);
    expect(rig.requests.map(({ question }) => question)).toEqual(['What is in my', 'What is in my notes?']);
    expect(counted).toBe(0);
    expect(rig.requests[1]).toMatchObject({ asker: { channel: 'voice' }, conversationId: null });
    expect(rig.requests[1]?.conversationIdNow?.()).toBe(rig.floor.conversationId());
  });

  it('says a short word once when a tool takes its time and nothing was said', async () => {
    const rig = createToolRig();
    await rig.ask();
    await rig.clock.advance(10_000);
    expect(rig.floor.current()?.text()).toBe('One moment. ');
    expect(rig.player.audible).toHaveLength(1);
    rig.finishTool();
    await rig.clock.advance(20_000);
    expect(rig.texts()).toEqual(['What is in my notes?', 'One moment. There is one note.']);
    expect(rig.store.messages[1]).toMatchObject({ status: 'complete', heardChars: 'One moment. There is one note.'.length });
    expect(rig.clock.pendingTimers()).toBe(0);
  });

  it('says none when the answer has begun with words, which are heard while the tool runs', async () => {
    const rig = createToolRig('Let me look.');
    await rig.ask();
    await rig.clock.advance(10_000);
    expect(rig.floor.current()?.text()).toBe('Let me look.');
    expect(rig.floor.current()?.heardChars()).toBe('Let me look.'.length);
    rig.finishTool();
    await rig.clock.advance(20_000);
    expect(rig.texts()).toEqual(['What is in my notes?', 'Let me look. There is one note.']);
  });

  it('says none for a quick tool', async () => {
    const rig = createToolRig();
    await rig.ask();
    await rig.clock.advance(100);
    rig.finishTool();
    await rig.clock.advance(20_000);
    expect(rig.texts()[1]).toBe('There is one note.');
  });

  it('keeps in the history that something from outside was read, also when it is interrupted', async () => {
    const rig = createToolRig('', {}, true);
    await rig.ask();
    rig.finishTool();
    await rig.clock.advance(20_000);
    expect(rig.store.messages.map(({ tainted }) => tainted)).toEqual([undefined, true]);

    const other = createToolRig('', {}, true);
    await other.ask();
    other.finishTool();
    await other.clock.advance(300);
    other.floor.stop();
    await other.clock.advance(10);
    expect(other.store.messages[1]).toMatchObject({ status: 'interrupted', tainted: true });
  });

  it('keeps its question when words end it after a tool has begun: what was done is not forgotten', async () => {
    const rig = createToolRig();
    await rig.ask();
    await rig.clock.advance(100);
    await rig.ask('No, open my mails instead.');
    await rig.clock.advance(100);
    expect(rig.requests.map(({ question }) => question)).toEqual(['What is in my notes?', 'No, open my mails instead.']);
    expect(rig.requests[0]?.signal.aborted).toBe(true);
    expect(rig.texts().filter((text) => text !== 'One moment. ')).toEqual(['What is in my notes?', 'No, open my mails instead.']);
  });
});

const hear = (words: string): boolean => words === YES || words === 'no';

describe('speech while a tool waits for its yes', () => {
  it('answers the question and begins no turn; the answer goes on', async () => {
    const rig = createToolRig('', { hear });
    await rig.ask();
    rig.askApproval();
    await rig.user.say(YES);
    await rig.clock.advance(500);
    expect(rig.tools.heard.at(-1)).toEqual({ words: YES, asker: { channel: 'voice' } });
    expect([rig.requests.length, rig.requests[0]?.signal.aborted]).toEqual([1, false]);
    rig.tools.tellCall({ id: 'call-1', state: 'running' });
    rig.finishTool();
    await rig.fallSilent();
    await rig.clock.advance(20_000);
    expect(rig.texts().at(-1)).toMatch(/There is one note\.$/);
  });

  it('that is no answer cancels nothing, and is told once what to say', async () => {
    const rig = createToolRig('', { hear });
    await rig.ask();
    rig.askApproval();
    await rig.user.say('Well, go ahead and do that thing then.');
    await rig.fallSilent();
    expect(rig.requests).toHaveLength(1);
    expect(rig.requests[0]?.signal.aborted).toBe(false);
    expect(rig.floor.current()?.text()).toBe('One moment. If I may, say exactly: "yes, run it". Otherwise say no. ');
    await rig.clock.advance(10_000);
    await rig.user.say('Oh come on, just do it already.');
    await rig.fallSilent();
    expect(
      rig.floor
        .current()
        ?.text()
        .match(/say exactly/g),
    ).toHaveLength(1);
    await rig.user.say(YES);
    await rig.clock.advance(100);
    expect(rig.tools.heard.at(-1)?.words).toBe(YES);
  });

  it('counts whole: a pause in the middle of a yes does not spoil it', async () => {
    const rig = createToolRig('', { hear });
    await rig.ask();
    rig.askApproval();
    await rig.user.say('yes,');
    await rig.clock.advance(300);
    await rig.user.say('run it');
    await rig.clock.advance(500);
    expect(rig.tools.heard.map(({ words }) => words).slice(-2)).toEqual(['yes,', YES]);
    expect(rig.floor.current()?.text()).not.toContain('say exactly');
  });

  it("is not the assistant's own voice reading out the question", async () => {
    const rig = createToolRig('', { hear });
    await rig.ask();
    rig.askApproval();
    rig.floor.current()?.say('I would like to delete a file. Say "yes, run it" if I may, otherwise say no.');
    await rig.clock.advance(1_500);
    const before = rig.tools.heard.length;
    await rig.user.say(YES);
    expect(rig.tools.heard.slice(before)).toEqual([]);
    await rig.fallSilent();
    await rig.user.say('no');
    expect(rig.tools.heard.at(-1)?.words).toBe('no');
  });

  it('takes turns again when the call has its answer, or time is up', async () => {
    const rig = createToolRig('', { hear });
    await rig.ask();
    rig.askApproval();
    rig.tools.tellCall({ id: 'call-1', state: 'running' });
    await rig.ask('Forget that and tell me the time.');
    expect(rig.requests).toHaveLength(2);

    const late = createToolRig('', { hear });
    await late.ask();
    late.askApproval();
    await late.clock.advance(61_000);
    await late.ask('Forget that and tell me the time.');
    expect(late.requests).toHaveLength(2);
  });

  it('by a held key pauses the answer and does not end it', async () => {
    const rig = createToolRig('', { hear });
    await rig.ask();
    rig.askApproval();
    rig.session.setMode('push-to-talk');
    rig.session.press(true);
    expect(rig.requests[0]?.signal.aborted).toBe(false);
    expect(rig.floor.current()?.isPaused()).toBe(true);
    await rig.user.say(YES);
    rig.session.press(false);
    await rig.clock.advance(100);
    expect(rig.tools.heard.at(-1)?.words).toBe(YES);
    expect(rig.floor.current()?.isPaused()).toBe(false);
  });
});

describe('"stop everything"', () => {
  it('is recognised while it is still being said, before anything else, and takes no turn', async () => {
    const rig = createToolRig('Let me look.');
    await rig.ask();
    await rig.clock.advance(1_000);
    const heardBefore = rig.tools.heard.length;
    await rig.user.say('Stop everything');
    await rig.clock.advance(1_000);
    expect(rig.stops.length).toBeGreaterThan(0);
    expect(rig.tools.heard.slice(heardBefore)).toEqual([]);
    expect([rig.requests.length, rig.requests[0]?.signal.aborted, rig.floor.current()]).toEqual([1, true, undefined]);
    expect(rig.player.isSilent()).toBe(true);
  });

  it('counts where interruptions are switched off, and where only the whole sentence was recognised', async () => {
    const rig = createConversationRig({ answers: () => 'A long answer. It goes on and on.', interruption: 'never' });
    await rig.user.say('Tell me something.');
    await rig.clock.advance(1_500);
    await rig.user.say('stop everything', { partial: false });
    await rig.clock.advance(100);
    expect([rig.stops.length, rig.floor.current()]).toEqual([1, undefined]);
  });

  it('waits for the end of the sentence where its beginning may be that of another', async () => {
    const rig = createConversationRig({ answers: () => '' });
    await rig.user.say('Stop all timers.');
    await rig.clock.advance(1_000);
    expect(rig.stops).toEqual([]);
    await rig.user.say('Stop all.');
    await rig.clock.advance(1_000);
    expect(rig.stops).toEqual(['voice']);
  });
});

describe('the gate of the off-switch', () => {
  it('silences an answer in its own tick, without any stopper, and nothing of it is spoken afterwards', async () => {
    const rig = createConversationRig({ answers: () => 'A long answer. It goes on and on. And then some more of it.' });
    await rig.user.say('Tell me something.');
    await rig.clock.advance(1_500);
    expect(rig.floor.current()?.isAudible()).toBe(true);
    const isDrop = ({ name, payload }: (typeof rig.events)[number]): boolean =>
      name === 'playback.command' && (payload as { command: string }).command === 'drop';
    rig.gate.shut('answer');
    expect(rig.events.some(isDrop)).toBe(true);
    await rig.clock.advance(5_000);
    expect([rig.floor.current(), rig.player.isSilent()]).toEqual([undefined, true]);
    rig.floor.announce('The eggs are done.', 'en', false);
    await rig.clock.advance(5_000);
    expect([rig.floor.current(), rig.player.isSilent(), rig.errors]).toEqual([undefined, true, ['killswitch.engaged']]);
  });
});
