import { describe, expect, it } from 'vitest';
import type { CallCaption } from '../../../../../src-preload/contract/index.ts';
import { createCallSegments } from '../../../../../src-main/modules/telephony/records/call-segments.ts';

const caption = (seq: number, speaker: CallCaption['speaker'], text: string, atMs: number, final = true): CallCaption => ({
  callId: 'c',
  seq,
  speaker,
  text,
  final,
  atMs,
});

describe('createCallSegments', () => {
  it('lets a later caption take the place of the earlier, from where that began', () => {
    const segments = createCallSegments();
    segments.add(caption(0, 'caller', 'this is', 1_000, false), 1_300);
    segments.add(caption(0, 'caller', 'this is anna', 1_000, false), 1_800);
    segments.add(caption(0, 'caller', 'This is Anna.', 1_000), 2_100);
    expect(segments.list()).toEqual([{ speaker: 'caller', text: 'This is Anna.', startMs: 1_000, endMs: 2_100 }]);
  });

  it('takes the end from a caption that tells it, and never from before it was spoken', () => {
    const segments = createCallSegments();
    segments.add(caption(0, 'caller', 'a long sentence that would take seconds to say', 500, false), 700);
    expect(segments.list()[0]).toMatchObject({ startMs: 500, endMs: 700 });
    segments.add(caption(0, 'caller', 'A long sentence that would take seconds to say.', 2_900), 3_100);
    expect(segments.list()[0]).toMatchObject({ startMs: 500, endMs: 2_900 });
  });

  it("takes the times of the assistant's words from when each was there", () => {
    const segments = createCallSegments();
    segments.add(caption(0, 'assistant', 'Of', 1_000, false), 1_000);
    segments.add(caption(0, 'assistant', 'Of course', 1_000, false), 1_200);
    segments.add(caption(0, 'assistant', 'Of course, yes.', 2_500), 2_500);
    expect(segments.list()).toEqual([
      { speaker: 'assistant', text: 'Of course, yes.', startMs: 1_000, endMs: 2_500, wordStartsMs: [1_000, 1_200, 2_500] },
    ]);
  });

  it('keeps the order of beginnings, lets both speak at once, and ends each before the next of the same voice', () => {
    const segments = createCallSegments();
    segments.add(caption(2, 'caller', 'wait', 2_000), 2_600);
    segments.add(caption(0, 'assistant', 'Hello, this is the assistant of the house.', 0), 0);
    segments.add(caption(1, 'assistant', 'What can I do for you?', 1_500), 1_500);
    segments.note('Taken over', 1_800);
    expect(segments.list().map(({ speaker, startMs, endMs }) => [speaker, startMs, endMs])).toEqual([
      ['assistant', 0, 1_500],
      ['assistant', 1_500, 2_930],
      ['note', 1_800, 1_800],
      ['caller', 2_000, 2_260],
    ]);
  });

  it('lets no thinking pause become part of a short word', () => {
    const segments = createCallSegments();
    segments.add(caption(0, 'caller', 'hm', 1_000, false), 1_100);
    segments.add(caption(0, 'caller', 'Hm.', 1_000), 9_000);
    expect(segments.list()[0]).toMatchObject({ startMs: 1_000, endMs: 3_000 });
  });

  it('gives a sentence that is told as it begins the time that it takes to say', () => {
    const segments = createCallSegments();
    segments.add(caption(0, 'assistant', 'Hello, how can I help?', 1_000), 1_002);
    expect(segments.list()[0]).toMatchObject({ startMs: 1_000, endMs: 2_430 });
  });

  it('drops what was taken back as no speech, and survives nonsense times', () => {
    const segments = createCallSegments();
    segments.add(caption(0, 'caller', 'hm', 100, false), 200);
    segments.add(caption(0, 'caller', '  ', 100), 300);
    segments.add(caption(1, 'owner', 'yes', -50), -40);
    expect(segments.list()).toEqual([{ speaker: 'owner', text: 'yes', startMs: 0, endMs: 195 }]);
  });
});
