import type { CallRecord, CallSegment } from '../../../../src-preload/contract/index.ts';
import type { Disposable } from '../../../base/dispose.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { LanguageCode } from '../../../inference/contracts/index.ts';
import { quietestPosition, resample } from '../../../platform/audio/index.ts';
import type { PhoneRecords } from '../../../platform/store/index.ts';
import type { UnheardPiece } from './owner-words.ts';
import type { QuietWork } from './quiet-work.ts';
import type { Recordings } from './recordings.ts';
import { wordStartsIn } from './word-times.ts';

/** Text of a sound at 16 kHz, mono. `language` undefined = it is found out. Times from the beginning of the sound. */
export type TranscribeSound = (
  samples: Float32Array,
  language: LanguageCode | undefined,
  signal: AbortSignal,
) => Promise<{ language: LanguageCode; speeches: readonly { text: string; startMs: number; endMs: number }[] }>;

/**
 * Writes down from the recording, when the call is over, what nobody has read while it was spoken, and finds the places of words. One piece after the other, each kept as soon as it is there,
 * and only while nobody talks with the recogniser. What is left over when the app ends is for its next life.
 */
export interface RecordingTranscripts extends Disposable {
  /** Something of this call may be unheard. */
  add(callId: string): void;
  whenSettled(): Promise<void>;
}

const RECOGNITION_RATE_HZ = 16_000;
/** Longer ones are cut where it is quiet: a recogniser that is at work must soon be free for whoever talks. */
const LONGEST_MS = 30_000;
const CUT_WITHIN_MS = 5_000;
const QUIET_WINDOW_MS = 60;
/** Less sound than this is no word. */
const LEAST_MS = 200;

export function createRecordingTranscripts(deps: {
  records: Pick<PhoneRecords, 'getCall' | 'saveCall'>;
  recordings: Pick<Recordings, 'part'>;
  transcribe: TranscribeSound;
  /** Of the call, where it is known. */
  languageOf: (record: CallRecord) => LanguageCode | undefined;
  quiet: QuietWork;
  /** All of a call is written; in which language. */
  onWritten: (callId: string, language: LanguageCode) => void;
  /** Its words have their places. */
  onPlaced: (callId: string) => void;
  log: Log;
}): RecordingTranscripts {
  const { records, recordings, quiet, log } = deps;
  const disposed = new AbortController();
  const queued = new Set<string>();
  let last: Promise<void> = Promise.resolve();

  /** Text of the beginning of a piece; `rest` is what was not looked at. */
  const read = async (callId: string, piece: UnheardPiece, language: LanguageCode | undefined) => {
    const toMs = Math.min(piece.endMs, piece.startMs + LONGEST_MS);
    const sound = await recordings.part(callId, piece.startMs, toMs);
    if (sound === undefined || sound.samples.length < (LEAST_MS / 1000) * sound.sampleRateHz) return { segments: [], rest: undefined };
    const isCut = toMs < piece.endMs;
    const at = (ms: number): number => Math.round((ms / 1000) * sound.sampleRateHz);
    const end = isCut
      ? quietestPosition(sound.samples, at(LONGEST_MS - CUT_WITHIN_MS), sound.samples.length, at(QUIET_WINDOW_MS))
      : sound.samples.length;
    const samples = resample(sound.samples.subarray(0, end), sound.sampleRateHz, RECOGNITION_RATE_HZ);
    const heard = await deps.transcribe(samples, language, disposed.signal);
    const segments = heard.speeches
      .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
      .map(({ text, startMs, endMs }): CallSegment => ({
        speaker: piece.speaker,
        text,
        startMs: Math.round(piece.startMs + startMs),
        endMs: Math.round(piece.startMs + endMs),
      }));
    const cutMs = Math.round(piece.startMs + (end / sound.sampleRateHz) * 1000);
    return { segments, language: heard.language, rest: isCut ? { ...piece, startMs: cutMs } : undefined };
  };

  const write = async (callId: string): Promise<void> => {
    let language: LanguageCode | undefined;
    let hasWritten = false;
    while (longestPiece(records.getCall(callId)) !== undefined) {
      // A piece is short, and one that is at work cannot be stopped.
      await quiet.untilQuiet(disposed.signal);
      const record = records.getCall(callId);
      const piece = longestPiece(record);
      if (record === undefined || piece === undefined) break;
      language ??= deps.languageOf(record);
      const found = await read(callId, piece, language);
      language ??= found.segments.length > 0 ? found.language : undefined;
      // Looked at again: more sound may have come meanwhile, or the call may have been deleted.
      const current = records.getCall(callId);
      if (current === undefined) return;
      records.saveCall(withPiece(current, piece, found), true);
      hasWritten = true;
    }
    if (hasWritten) deps.onWritten(callId, language ?? 'en');
    await placeWords(callId);
  };

  /** Whoever clicks a word hears it. */
  const placeWords = async (callId: string): Promise<void> => {
    const record = records.getCall(callId);
    const durationMs = record?.recording?.durationMs ?? 0;
    const wanted = record?.segments.filter(
      (segment) => segment.speaker !== 'note' && !segment.wordStartsMs && segment.endMs > segment.startMs && segment.startMs < durationMs,
    );
    if (!wanted?.length) return;
    const placed = new Map<string, readonly number[]>();
    for (const { speaker, text, startMs, endMs } of wanted) {
      if (disposed.signal.aborted) return;
      const sound = await recordings.part(callId, startMs, Math.min(endMs, durationMs));
      const starts = sound && wordStartsIn(text, sound.samples, sound.sampleRateHz);
      if (starts)
        placed.set(
          `${speaker} ${startMs}`,
          starts.map((atMs) => startMs + atMs),
        );
    }
    const current = records.getCall(callId);
    if (current === undefined || placed.size === 0) return;
    const segments = current.segments.map((segment): CallSegment => {
      const starts = placed.get(`${segment.speaker} ${segment.startMs}`);
      return starts && !segment.wordStartsMs ? { ...segment, wordStartsMs: [...starts] } : segment;
    });
    records.saveCall({ ...current, segments }, true);
    deps.onPlaced(callId);
  };

  return {
    add(callId) {
      if (queued.has(callId) || disposed.signal.aborted) return;
      queued.add(callId);
      last = last
        .then(() => {
          queued.delete(callId);
          return write(callId);
        })
        .catch((error: unknown) => {
          // It stays unheard: the next upkeep tries again.
          if (!disposed.signal.aborted) log.info('phone.recording-not-read', { callId, reason: toErrorData(error).code });
        });
    },
    whenSettled: () => last,
    async dispose() {
      disposed.abort();
      await last;
    },
  };
}

/** Of what is recorded by now; the longest tells its language best. */
function longestPiece(record: CallRecord | undefined): UnheardPiece | undefined {
  const there = (record?.unheard ?? []).filter(({ startMs }) => startMs < (record?.recording?.durationMs ?? 0));
  return there.toSorted((left, right) => right.endMs - right.startMs - (left.endMs - left.startMs))[0];
}

function withPiece(
  { unheard = [], ...record }: CallRecord,
  piece: UnheardPiece,
  { segments, rest }: { segments: readonly CallSegment[]; rest: UnheardPiece | undefined },
): CallRecord {
  const others = unheard.filter(({ startMs, speaker }) => startMs !== piece.startMs || speaker !== piece.speaker);
  const left = rest ? [...others, rest] : others;
  return {
    ...record,
    segments: [...record.segments, ...segments].toSorted((first, second) => first.startMs - second.startMs),
    ...(left.length > 0 ? { unheard: left } : {}),
  };
}
