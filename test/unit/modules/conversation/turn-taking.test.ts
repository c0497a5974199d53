import { describe, expect, it } from 'vitest';
import { endOfTurnProfiles } from '../../../../src-main/modules/conversation/end-of-turn.ts';
import { createTurnTaking, type TurnCandidate } from '../../../../src-main/modules/conversation/turn-taking.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const SESSION = { sessionId: 's' };

/** A turn-taking with everything it said, and short forms for the worker's events. */
function setUp(options: { manual?: boolean } = {}) {
  const clock = createVirtualClock();
  const said: string[] = [];
  const note = (what: string) => (candidate: TurnCandidate) =>
    void said.push(`${what} ${candidate.revision} "${candidate.text}" @${clock.nowMs() - candidate.endAtMs}`);
  const turn = createTurnTaking({
    clock,
    profile: () => endOfTurnProfiles.normal,
    manual: () => options.manual ?? false,
    listener: {
      speculate: note('speculate'),
      withdraw: note('withdraw'),
      commit: note('commit'),
      nothingSaid: (id) => void said.push(`nothing ${id}`),
    },
  });
  const silence = (revision: number, silentMs: number): void =>
    turn.handle({ type: 'speech.silence', ...SESSION, speechId: 'a', revision, silentMs });
  return {
    clock,
    said,
    turn,
    start: (speechId = 'a') =>
      turn.handle({ type: 'speech.start', ...SESSION, speechId, startSample: 0, onsetAtMs: clock.nowMs(), emittedAtMs: clock.nowMs() }),
    /** A pause that lasts, unless `heardMs` says how much of it the worker has heard. */
    pause(revision: number, { silentForMs = 96, heardMs = 60_000 } = {}) {
      turn.handle({
        type: 'speech.pause',
        ...SESSION,
        speechId: 'a',
        revision,
        endSample: 0,
        endAtMs: clock.nowMs() - silentForMs,
        emittedAtMs: clock.nowMs(),
      });
      silence(revision, heardMs);
    },
    predict: (revision: number, probability: number) =>
      turn.handle({ type: 'turn.prediction', ...SESSION, speechId: 'a', revision, probability, inferenceMs: 30 }),
    text: (revision: number, text: string) =>
      turn.handle({ type: 'transcript.final', ...SESSION, speechId: 'a', revision, text, language: 'en', voicedMs: 500, decodeMs: 40 }),
    silence,
    resume: (revision: number) => turn.handle({ type: 'speech.resume', ...SESSION, speechId: 'a', revision, emittedAtMs: clock.nowMs() }),
    end: (revision: number) => turn.handle({ type: 'speech.end', ...SESSION, speechId: 'a', revision, durationMs: 1000 }),
  };
}

describe('createTurnTaking', () => {
  it('commits soon when the turn sounds and reads complete', async () => {
    const { clock, said, start, pause, predict, text } = setUp();
    start();
    await clock.advance(1000);
    pause(0);
    await clock.advance(40);
    predict(0, 0.95);
    await clock.advance(10);
    text(0, 'What time is it?');
    await clock.advance(5000);
    expect(said).toEqual([
      'speculate 0 "What time is it?" @146',
      `commit 0 "What time is it?" @${endOfTurnProfiles.normal.surelyCompleteMs}`,
    ]);
  });

  it('waits long when the words are left open, whatever the voice sounds like', async () => {
    const { clock, said, start, pause, predict, text } = setUp();
    start();
    await clock.advance(1000);
    pause(0);
    predict(0, 0.95);
    text(0, 'I would like to go to the');
    await clock.advance(endOfTurnProfiles.normal.incompleteMs - 97);
    expect(said).toEqual(['speculate 0 "I would like to go to the" @96']);
    await clock.advance(1);
    expect(said.at(-1)).toMatch(/^commit 0/);
  });

  it('waits for a worker that is behind the clock, and commits as soon as it has heard the silence', async () => {
    const { clock, said, start, pause, predict, text, silence } = setUp();
    start();
    pause(0, { heardMs: 96 });
    predict(0, 0.95);
    text(0, 'What time is it?');
    await clock.advance(1_000);
    silence(0, 128);
    expect(said).toEqual(['speculate 0 "What time is it?" @96']);
    silence(0, endOfTurnProfiles.normal.surelyCompleteMs - 52);
    expect(said.at(-1)).toBe('commit 0 "What time is it?" @1096');
  });

  it('does not cut off who went on within the time that the worker is behind the clock', async () => {
    const { clock, said, start, pause, predict, text, resume } = setUp();
    start();
    pause(0, { heardMs: 96 });
    predict(0, 0.95);
    text(0, 'What is the largest?');
    await clock.advance(2_000);
    resume(0);
    pause(1);
    predict(1, 0.95);
    text(1, 'What is the largest animal in the sea?');
    await clock.advance(2_000);
    expect(said.map((line) => line.replace(/ @.*/, ''))).toEqual([
      'speculate 0 "What is the largest?"',
      'withdraw 0 "What is the largest?"',
      'speculate 1 "What is the largest animal in the sea?"',
      'commit 1 "What is the largest animal in the sea?"',
    ]);
  });

  it('withdraws the speculation when the user goes on, and the last words decide', async () => {
    const { clock, said, start, pause, predict, text, resume } = setUp();
    start();
    await clock.advance(1000);
    pause(0);
    text(0, 'What is the capital');
    predict(0, 0.4);
    await clock.advance(300);
    resume(0);
    await clock.advance(800);
    pause(1);
    text(1, 'What is the capital of France?');
    predict(1, 0.97);
    await clock.advance(3000);
    expect(said.map((line) => line.replace(/ @.*/, ''))).toEqual([
      'speculate 0 "What is the capital"',
      'withdraw 0 "What is the capital"',
      'speculate 1 "What is the capital of France?"',
      'commit 1 "What is the capital of France?"',
    ]);
  });

  it('ignores the transcript and the judgement of a revision that is void', async () => {
    const { clock, said, start, pause, predict, text, resume } = setUp();
    start();
    pause(0);
    resume(0);
    predict(0, 0.99);
    text(0, 'Too late.');
    await clock.advance(10_000);
    expect(said).toEqual([]);
  });

  it('commits without the turn model when its judgement does not come', async () => {
    const { clock, said, start, pause, text } = setUp();
    start();
    pause(0);
    text(0, 'Hello there.');
    await clock.advance(endOfTurnProfiles.normal.openMs - 96);
    expect(said).toEqual(['speculate 0 "Hello there." @96', `commit 0 "Hello there." @${endOfTurnProfiles.normal.openMs}`]);
  });

  it('waits for a slow transcript and commits as soon as it is there', async () => {
    const { clock, said, start, pause, predict, text, end } = setUp();
    start();
    pause(0);
    predict(0, 0.9);
    end(0);
    await clock.advance(2000);
    expect(said).toEqual([]);
    text(0, 'Slow machine.');
    expect(said).toEqual(['speculate 0 "Slow machine." @2096', 'commit 0 "Slow machine." @2096']);
  });

  it('reports nothing said for a speech without words', async () => {
    const { clock, said, start, pause, predict, text, end } = setUp();
    start();
    pause(0);
    predict(0, 0.9);
    text(0, '  ');
    await clock.advance(2000);
    end(0);
    expect(said).toEqual(['nothing a']);
  });

  it('does not commit an ignored pause, but judges the speech anew when it goes on', async () => {
    const { clock, said, turn, start, pause, predict, text, resume, end } = setUp();
    start();
    pause(0);
    text(0, 'mhm');
    turn.ignore({
      speechId: 'a',
      revision: 0,
      text: 'mhm',
      language: 'en',
      voicedMs: 200,
      endAtMs: 0,
      transcribedAtMs: 0,
      probability: undefined,
    });
    predict(0, 0.9);
    await clock.advance(1500);
    expect(said).toEqual(['speculate 0 "mhm" @96']);
    resume(0);
    pause(1);
    text(1, 'mhm but what about Spain?');
    predict(1, 0.9);
    end(1);
    expect(said.slice(1).map((line) => line.replace(/ @.*/, ''))).toEqual([
      'speculate 1 "mhm but what about Spain?"',
      'commit 1 "mhm but what about Spain?"',
    ]);
  });

  it('commits only at the end of the speech in manual mode', async () => {
    const { clock, said, start, pause, predict, text, end } = setUp({ manual: true });
    start();
    pause(0);
    predict(0, 0.99);
    text(0, 'Done?');
    await clock.advance(60_000);
    expect(said).toHaveLength(1);
    end(0);
    expect(said[1]).toMatch(/^commit 0 "Done\?"/);
  });

  it('leaves no timer behind after reset', async () => {
    const { clock, said, turn, start, pause, text } = setUp();
    start();
    pause(0);
    text(0, 'Never mind.');
    turn.reset();
    expect(clock.pendingTimers()).toBe(0);
    await clock.advance(5000);
    expect(said).toEqual(['speculate 0 "Never mind." @96']);
  });
});
