import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createSpeechQueue, type SpeechQueueDeps } from '../../../../src-main/modules/conversation/speech-queue.ts';
import type { Clause } from '../../../../src-main/modules/conversation/speech-text.ts';
import { segment } from '../../../doubles/conversation-rig.ts';

const clause = (speakable: string, rawStart = 0): Clause => ({
  rawStart,
  rawEnd: rawStart + speakable.length,
  raw: speakable,
  speakable,
  sourceOffsets: [...speakable].map((_character, index) => rawStart + index),
});

const settle = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

function setUp(overrides: Partial<SpeechQueueDeps> = {}) {
  const spoken: string[] = [];
  const log: string[] = [];
  const abort = new AbortController();
  const queue = createSpeechQueue({
    utteranceId: 'u',
    language: 'en',
    signal: abort.signal,
    spoken: (written) => written,
    speak: async ({ utteranceId, segmentIndex, text }) => {
      spoken.push(text);
      return segment(utteranceId, segmentIndex, text);
    },
    onFirstSegment: () => void log.push('first'),
    onAllSent: (count) => void log.push(`all sent ${count}`),
    onRestart: () => void log.push('restart'),
    onError: (error) => void log.push(`error ${String(error)}`),
    ...overrides,
  });
  return { queue, spoken, log, abort };
}

describe('createSpeechQueue', () => {
  it('synthesises only the first clause before it is released', async () => {
    const { queue, spoken, log } = setUp();
    queue.push([clause('One.'), clause('Two.')]);
    queue.close();
    await settle();
    expect({ spoken, log }).toEqual({ spoken: ['One.'], log: ['first'] });
    queue.release();
    await settle();
    expect({ spoken, log }).toEqual({ spoken: ['One.', 'Two.'], log: ['first', 'all sent 2'] });
  });

  it('stays at most a few seconds ahead of the ear', async () => {
    const { queue, spoken } = setUp();
    queue.release();
    queue.push(Array.from({ length: 20 }, () => clause('x'.repeat(100))));
    await settle();
    expect(spoken).toHaveLength(3);
    queue.setPlayed(5000);
    await settle();
    expect(spoken).toHaveLength(4);
  });

  it('skips what cannot be spoken and says so when nothing can', async () => {
    const { queue, spoken, log } = setUp();
    queue.push([clause('  ')]);
    queue.close();
    queue.release();
    await settle();
    expect({ spoken, log }).toEqual({ spoken: [], log: ['all sent 0'] });
    expect(queue.segments()).toMatchObject([{ durationMs: 0 }]);
  });

  it('says nothing more once aborted', async () => {
    const { queue, spoken, log, abort } = setUp();
    queue.release();
    abort.abort();
    queue.push([clause('One.')]);
    await settle();
    expect({ spoken, log }).toEqual({ spoken: [], log: [] });
  });

  it('reports an error of the voice once and stops', async () => {
    const { queue, log } = setUp({ speak: () => Promise.reject(new Error('no voice')) });
    queue.release();
    queue.push([clause('One.'), clause('Two.')]);
    await settle();
    expect(log).toEqual(['error Error: no voice']);
  });

  it.each(['worker.crashed', 'request.aborted'])('says a clause again whose worker was lost (%s), and goes on', async (code) => {
    const said: string[] = [];
    const { queue, log } = setUp({
      speak: async ({ utteranceId, segmentIndex, text }) => {
        said.push(text);
        if (said.length === 2) throw new AppError(code, 'The synthesis process was stopped.');
        return segment(utteranceId, segmentIndex, text);
      },
    });
    queue.release();
    queue.push([clause('One.'), clause('Two.'), clause('Three.')]);
    queue.close();
    await settle();
    expect({ said, log }).toEqual({ said: ['One.', 'Two.', 'Two.', 'Three.'], log: ['first', 'restart', 'all sent 4'] });
  });

  it('reports a worker that is stopped again and again, and does not wait for it for ever', async () => {
    const { queue, log } = setUp({ speak: () => Promise.reject(new AppError('request.aborted', 'Stopped.')) });
    queue.release();
    queue.push([clause('One.')]);
    await settle();
    expect(log).toEqual(['restart', 'error AppError: Stopped.']);
  });

  it('says nothing of its own abort', async () => {
    const { queue, log, abort } = setUp({
      speak: async (_request, signal) => {
        abort.abort();
        signal.throwIfAborted();
        throw new Error('unreachable: the signal is aborted');
      },
    });
    queue.release();
    queue.push([clause('One.')]);
    await settle();
    expect(log).toEqual([]);
  });
});
