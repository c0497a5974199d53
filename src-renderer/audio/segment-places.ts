import type { SpeechAudioMessage, SpeechTimingMessage } from '../../src-preload/contract/index.ts';
import type { PlacedTiming } from './playback-messages.ts';

/** Finds where the segments of one utterance begin on its clock: each where the sound before it ends. */
export interface SegmentPlaces {
  receive(message: Pick<SpeechAudioMessage, 'type' | 'segmentIndex' | 'sampleRateHz' | 'samples' | 'last'> | SpeechTimingMessage): void;
}

/** Timings whose segment never sounds must not pile up. */
const MAX_WAITING = 64;

/** `onTiming` is called in the order of the messages of a segment, at the latest with its first sound. */
export function createSegmentPlaces(onTiming: (timing: PlacedTiming) => void): SegmentPlaces {
  const starts = new Map<number, number>();
  const waiting: SpeechTimingMessage[] = [];
  let receivedMs = 0;
  let lastEnded = -1;

  const place = (segmentIndex: number): void => {
    if (starts.has(segmentIndex)) return;
    starts.set(segmentIndex, receivedMs);
    const due = waiting.filter((message) => message.segmentIndex === segmentIndex);
    if (due.length === 0) return;
    waiting.splice(0, waiting.length, ...waiting.filter((message) => message.segmentIndex !== segmentIndex));
    for (const message of due) onTiming({ message, startMs: receivedMs });
  };

  return {
    receive(message) {
      // All sound of the segments before it is here: what comes next begins at their end.
      if (message.type === 'speech' || message.segmentIndex === lastEnded + 1) place(message.segmentIndex);
      if (message.type === 'speech.timing') {
        const startMs = starts.get(message.segmentIndex);
        if (startMs !== undefined) onTiming({ message, startMs });
        else if (waiting.length < MAX_WAITING) waiting.push(message);
        return;
      }
      receivedMs += (message.samples.length / message.sampleRateHz) * 1000;
      if (message.last) lastEnded = Math.max(lastEnded, message.segmentIndex);
    },
  };
}
