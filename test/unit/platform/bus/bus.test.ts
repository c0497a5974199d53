import { describe, expect, it } from 'vitest';
import { createBus, type Bus } from '../../../../src-main/platform/bus/index.ts';
import { silentLog, type Log } from '../../../../src-main/base/log.ts';

interface SpeechTopics {
  'speech.start': { speechId: string };
}
interface CallTopics {
  'call.ring': { from: string };
}

function recordingLog(): { log: Log; lines: { message: string; fields: unknown }[] } {
  const lines: { message: string; fields: unknown }[] = [];
  return { lines, log: { ...silentLog, error: (message, fields) => void lines.push({ message, fields }) } };
}

describe('createBus', () => {
  it('tells each listener of the topic in the order of subscription, and no other', () => {
    const bus = createBus<SpeechTopics & CallTopics>({ log: silentLog });
    const heard: string[] = [];
    bus.subscribe('speech.start', ({ speechId }) => void heard.push(`first ${speechId}`));
    bus.subscribe('speech.start', ({ speechId }) => void heard.push(`second ${speechId}`));
    bus.subscribe('call.ring', ({ from }) => void heard.push(from));
    bus.publish('speech.start', { speechId: 'a' });
    expect(heard).toEqual(['first a', 'second a']);
  });

  it('goes on with the other listeners and logs when one throws or rejects', async () => {
    const { log, lines } = recordingLog();
    const bus = createBus<SpeechTopics>({ log });
    const thrown = new Error('thrown');
    const rejected = new Error('rejected');
    let heard = 0;
    bus.subscribe('speech.start', () => {
      throw thrown;
    });
    bus.subscribe('speech.start', async () => {
      throw rejected;
    });
    bus.subscribe('speech.start', () => void (heard += 1));
    bus.publish('speech.start', { speechId: 'a' });
    await Promise.resolve();
    expect(heard).toBe(1);
    expect(lines).toEqual([
      { message: 'A listener failed', fields: { topic: 'speech.start', error: thrown } },
      { message: 'A listener failed', fields: { topic: 'speech.start', error: rejected } },
    ]);
  });

  it('keeps nothing for those who come later', () => {
    const bus = createBus<SpeechTopics>({ log: silentLog });
    bus.publish('speech.start', { speechId: 'early' });
    const heard: string[] = [];
    bus.subscribe('speech.start', ({ speechId }) => void heard.push(speechId));
    expect(heard).toEqual([]);
  });

  it('says nothing more to a listener that left, even when it leaves while the fact is being told', () => {
    const bus = createBus<SpeechTopics>({ log: silentLog });
    const heard: string[] = [];
    bus.subscribe('speech.start', () => leave());
    const leave = bus.subscribe('speech.start', () => void heard.push('left'));
    const late = (): void => void bus.subscribe('speech.start', () => void heard.push('late'));
    bus.subscribe('speech.start', late);
    bus.publish('speech.start', { speechId: 'a' });
    expect(heard).toEqual([]);
  });

  it('counts the same function twice when it subscribes twice', () => {
    const bus = createBus<SpeechTopics>({ log: silentLog });
    let heard = 0;
    const listener = (): void => void (heard += 1);
    const leave = bus.subscribe('speech.start', listener);
    bus.subscribe('speech.start', listener);
    leave();
    bus.publish('speech.start', { speechId: 'a' });
    expect(heard).toBe(1);
  });

  it('fits where a bus over some of its topics is asked for', () => {
    const bus: Bus<SpeechTopics> = createBus<SpeechTopics & CallTopics>({ log: silentLog });
    expect(() => bus.publish('speech.start', { speechId: 'a' })).not.toThrow();
  });
});
