import type { CallCaption, CallRecord, PhoneCall } from '../../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../../base/clock.ts';
import { createDeferred, type Deferred } from '../../../base/deferred.ts';
import type { Disposable } from '../../../base/dispose.ts';
import { toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Tell } from '../../../platform/contract-host/index.ts';
import type { PhoneRecords } from '../../../platform/store/index.ts';
import type { CallTalker } from '../calls/call-ports.ts';
import { createCallSegments, type CallSegments } from './call-segments.ts';
import type { CallLanguage } from './call-facts.ts';
import { transcriptText, type SummariseCall } from './call-summary.ts';
import { createOwnerWords, type OwnerWords } from './owner-words.ts';
import { createRecordingTranscripts, type TranscribeSound } from './recording-transcripts.ts';
import { plainSummary, withCallBack } from './plain-summary.ts';
import { createQuietWork } from './quiet-work.ts';
import type { Recordings } from './recordings.ts';
import { sentimentOf } from './sentiment.ts';

/** Keeps the log of calls from what is told about them. It never throws and never waits: a full disk must not end a call. */
export interface CallRecorder extends Disposable {
  /** Once, when the core stands: closes what an earlier life of the app left open, then deletes what is too old and writes down what is unheard, and so every hour. */
  begin(): void;
  /** A call has begun, or something about it has changed. */
  onCall(call: PhoneCall): void;
  onCaption(caption: CallCaption): void;
  /** Caller's last word → first sound of the answer, ms. */
  onLatency(callId: string, ms: number): void;
  /** The other end, or a notice of ours, has begun to speak, or has fallen silent; `atMs` from the moment of answering. */
  onTalking(callId: string, who: CallTalker, on: boolean, atMs: number): void;
  /** Something that nobody said, for the transcript: in the language of the window. */
  note(callId: string, text: string): void;
  /** 16-bit mono WAV that begins `startsAtMs` after the answer; several pieces of one call in their order. Resolves with whether it is kept. */
  onRecording(callId: string, wav: Uint8Array, startsAtMs?: number): Promise<boolean>;
  isLive(callId: string): boolean;
  /** What came of a call, when it is over and summarised; text from outside. undefined = nothing was said, or there is no such call. */
  resultOf(callId: string): Promise<string | undefined>;
  /** Deletes a call that is over, with its recording and its conversation. */
  remove(callId: string): Promise<void>;
  /** Resolves when everything that was begun is written: transcripts of recordings, and summaries. */
  whenSettled(): Promise<void>;
}

/** A killed app loses no more than this of a call. */
const SAVE_EVERY_MS = 2_000;
/** Last words may still be in recognition when the line is cut. */
const LAST_WORDS_MS = 3_000;
const SUMMARY_MS = 60_000;
const RESULT_PATIENCE_MS = 20_000;
const UPKEEP_EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** Sound without a call in the log stays this long, because a backup of the log may be put back. */
const STRAY_DAYS = 30;

/** A recording that is older and still unheard stays so. */
const STILL_HEARD_DAYS = 7;

interface LiveCall {
  call: PhoneCall;
  ownerWords: OwnerWords;
  answeredBy: CallRecord['answeredBy'];
  segments: CallSegments;
  latenciesMs: number[];
  recording: CallRecord['recording'];
  saveTimer: Timer | undefined;
}

export interface CallRecorderDependencies {
  /** Whichever history is the current one. */
  records: PhoneRecords;
  recordings: Recordings;
  /** Absent = there is no language model; it may also reject, then the first sentences serve. */
  summarise?: SummariseCall;
  /** Writes down what was said without the assistant; absent = nobody can. */
  transcribe?: TranscribeSound;
  /** Somebody speaks with the assistant, or by telephone: recordings and summaries wait. */
  isBusy?: () => boolean;
  /** In which a call was led; `isGuess`: nobody has heard it yet. */
  languageOf: (call: PhoneCall) => { language: CallLanguage; isGuess: boolean };
  /** Takes away the conversation of a deleted call, which holds the same words. */
  removeConversation?: (call: PhoneCall) => void;
  /** Days after which calls are deleted; 0 = never. */
  retentionDays: () => number;
  /** False while the history is only in memory: nothing is swept then. */
  isLasting: () => boolean;
  tell: Tell;
  clock: Clock;
  log: Log;
}

export function createCallRecorder(deps: CallRecorderDependencies): CallRecorder {
  const { records, recordings, tell, clock, log } = deps;
  const live = new Map<string, LiveCall>();
  const ending = new Set<Timer>();
  const awaited = new Map<string, Deferred<void>>();
  const disposed = new AbortController();
  let upkeepTimer: Timer | undefined;
  let summaries: Promise<void> = Promise.resolve();

  const save = (record: CallRecord, isOver: boolean): void => {
    try {
      records.saveCall(record, isOver);
    } catch (error) {
      log.error('phone.call-not-saved', { callId: record.call.id, error: toErrorData(error).code });
    }
  };
  const saveLive = (entry: LiveCall): void => {
    entry.saveTimer?.cancel();
    entry.saveTimer = undefined;
    save(recordOf(entry, clock.wallMs()), false);
  };
  const saveSoon = (entry: LiveCall): void => {
    entry.saveTimer ??= clock.after(SAVE_EVERY_MS, () => saveLive(entry));
  };
  /** Writes it down with what can be said without a model, then asks the model. */
  const finish = (record: CallRecord, language = deps.languageOf(record.call).language): void => {
    const plain = plainSummary(record, language);
    const finished = { ...record, summary: plain.summary, tasks: [...plain.tasks], sentiment: sentimentOf(record.segments) };
    save(finished, true);
    tell('phone.logChanged', {});
    if (deps.summarise && record.segments.some(({ speaker }) => speaker === 'caller')) {
      summaries = summaries.then(() => summarise(record.call, language));
    }
    transcripts?.add(record.call.id);
  };
  const quiet = createQuietWork({ clock, isBusy: () => deps.isBusy?.() === true });
  const transcripts =
    deps.transcribe &&
    createRecordingTranscripts({
      records,
      recordings,
      transcribe: deps.transcribe,
      languageOf({ call }) {
        const { language, isGuess } = deps.languageOf(call);
        return isGuess ? undefined : language;
      },
      quiet,
      onWritten(callId, language) {
        const record = records.getCall(callId);
        if (record) finish(record, language === 'de' ? 'de' : 'en');
      },
      onPlaced: () => tell('phone.logChanged', {}),
      log,
    });
  const summarise = async (call: PhoneCall, language: CallLanguage): Promise<void> => {
    try {
      const transcript = transcriptText(records.getCall(call.id)?.segments ?? [], language, call);
      const written = await quiet.run(
        async (signal) => deps.summarise?.(transcript, language, AbortSignal.any([signal, AbortSignal.timeout(SUMMARY_MS)])),
        disposed.signal,
      );
      // Looked at again: it may have been deleted, or its recording may have come, meanwhile.
      const current = records.getCall(call.id);
      if (written === undefined || current === undefined) return;
      records.saveCall({ ...current, summary: withCallBack(written.summary, current, language), tasks: [...written.tasks] }, true);
      tell('phone.logChanged', {});
    } catch (error) {
      log.info('phone.summary-without-model', { callId: call.id, reason: toErrorData(error).code });
    }
  };
  const end = (entry: LiveCall): void => {
    saveLive(entry);
    const timer = clock.after(entry.answeredBy === null ? 0 : LAST_WORDS_MS, () => {
      ending.delete(timer);
      close(entry);
    });
    ending.add(timer);
  };
  const close = (entry: LiveCall): void => {
    if (live.get(entry.call.id) !== entry) return;
    live.delete(entry.call.id);
    entry.saveTimer?.cancel();
    finish(recordOf(entry, clock.wallMs()));
    awaited.get(entry.call.id)?.resolve();
    awaited.delete(entry.call.id);
  };
  const whenSettled = async (): Promise<void> => {
    await transcripts?.whenSettled();
    await summaries;
  };
  const arrivedAtMs = ({ call }: LiveCall): number => (call.answeredAtMs === null ? 0 : Math.max(0, clock.wallMs() - call.answeredAtMs));

  const closeUnended = (): void => {
    for (const record of records.unendedCalls()) if (!live.has(record.call.id)) finish(endedWithTheApp(record));
  };
  /** What an earlier life of the app has not come to, or what the recogniser could not do. */
  const hearUnheard = async (): Promise<void> => {
    if (!transcripts) return;
    const entries = await records.entriesSince(clock.wallMs() - STILL_HEARD_DAYS * DAY_MS);
    for (const { call, unheard } of entries) if (unheard !== undefined && !live.has(call.id)) transcripts.add(call.id);
  };
  /** With everything that holds its words. */
  const erase = async (callId: string): Promise<void> => {
    const record = records.getCall(callId);
    records.removeCall(callId);
    if (record) deps.removeConversation?.(record.call);
    await recordings.remove(callId);
  };
  const removeOld = async (): Promise<void> => {
    const days = deps.retentionDays();
    const ids = days > 0 ? records.idsBefore(clock.wallMs() - days * DAY_MS) : [];
    for (const id of ids) await erase(id);
    const strays = deps.isLasting() ? await recordings.sweep((id) => records.has(id) || live.has(id), STRAY_DAYS) : 0;
    if (ids.length > 0) tell('phone.logChanged', {});
    if (ids.length + strays > 0) log.info('phone.old-calls-deleted', { calls: ids.length, strays });
  };
  const upkeep = (): void => {
    upkeepTimer = clock.after(UPKEEP_EVERY_MS, upkeep);
    removeOld().catch((error: unknown) => log.error('phone.old-calls-not-deleted', { error: toErrorData(error).code }));
    hearUnheard().catch((error: unknown) => log.warn('phone.recordings-not-read', { error: toErrorData(error).code }));
  };

  return {
    begin() {
      try {
        closeUnended();
      } catch (error) {
        log.error('phone.calls-not-closed', { error: toErrorData(error).code });
      }
      upkeep();
      // What a change of keys in an earlier life has left.
      recordings.renew().catch((error: unknown) => log.warn('phone.recordings-not-renewed', { error: toErrorData(error).code }));
    },
    onCall(call) {
      const known = live.get(call.id);
      if (known?.call.state.state === 'ended') return;
      const entry = known ?? newEntry(call);
      entry.call = call;
      if (call.state.state === 'talking') entry.answeredBy ??= call.state.by;
      entry.ownerWords.onCall(call, arrivedAtMs(entry));
      live.set(call.id, entry);
      if (call.state.state === 'ended') end(entry);
      else saveLive(entry);
      if (known === undefined) tell('phone.logChanged', {});
    },
    onCaption(caption) {
      const entry = live.get(caption.callId);
      if (!entry || caption.passing === true) return;
      entry.segments.add(caption, arrivedAtMs(entry));
      saveSoon(entry);
    },
    onLatency(callId, ms) {
      const entry = live.get(callId);
      if (!entry || !Number.isFinite(ms) || ms < 0) return;
      entry.latenciesMs.push(Math.round(ms));
      saveSoon(entry);
    },
    onTalking(callId, who, on, atMs) {
      const entry = live.get(callId);
      if (!entry) return;
      entry.ownerWords.onTalking(who, on, atMs);
      saveSoon(entry);
    },
    note(callId, text) {
      const entry = live.get(callId);
      if (!entry) return;
      entry.segments.note(text, arrivedAtMs(entry));
      saveSoon(entry);
    },
    async onRecording(callId, wav, startsAtMs = 0) {
      try {
        if (!live.has(callId) && !records.has(callId)) return false;
        const recording = await recordings.add(callId, wav, startsAtMs);
        const entry = live.get(callId);
        if (entry) {
          entry.recording = recording;
          saveLive(entry);
        } else {
          const record = records.getCall(callId);
          if (record) save({ ...record, recording }, true);
          else await recordings.remove(callId);
          tell('phone.logChanged', {});
          transcripts?.add(callId);
        }
        return true;
      } catch (error) {
        log.error('phone.recording-not-kept', { callId, error: toErrorData(error).code });
        return false;
      }
    },
    // One that is over waits a moment for its last words; it may be deleted all the same.
    isLive: (callId) => (live.get(callId)?.call.state.state ?? 'ended') !== 'ended',
    async resultOf(callId) {
      if (live.has(callId)) {
        const closed = awaited.get(callId) ?? createDeferred<void>();
        awaited.set(callId, closed);
        await closed.promise;
      }
      // A model that waits for a quiet moment is not waited for without end: what can be said without it is there already.
      const patience = createDeferred<void>();
      const timer = clock.after(RESULT_PATIENCE_MS, () => patience.resolve());
      await Promise.race([whenSettled(), patience.promise]);
      timer.cancel();
      const summary = records.getCall(callId)?.summary ?? '';
      return summary === '' ? undefined : summary;
    },
    async remove(callId) {
      await erase(callId);
      tell('phone.logChanged', {});
    },
    whenSettled,
    async dispose() {
      disposed.abort();
      upkeepTimer?.cancel();
      for (const timer of ending) timer.cancel();
      // What has ended is finished now; what goes on is closed by the next start, as after a crash.
      for (const entry of live.values()) {
        if (entry.call.state.state === 'ended') close(entry);
        else saveLive(entry);
      }
      live.clear();
      for (const closed of awaited.values()) closed.resolve();
      awaited.clear();
      await transcripts?.dispose();
      await summaries;
    },
  };
}

function newEntry(call: PhoneCall): LiveCall {
  return {
    call,
    answeredBy: null,
    segments: createCallSegments(),
    ownerWords: createOwnerWords(),
    latenciesMs: [],
    recording: null,
    saveTimer: undefined,
  };
}

function recordOf({ call, answeredBy, segments, ownerWords, latenciesMs, recording }: LiveCall, nowMs: number): CallRecord {
  const durationMs = call.answeredAtMs === null ? 0 : Math.max(0, (call.endedAtMs ?? nowMs) - call.answeredAtMs);
  const unheard = ownerWords.pieces(durationMs);
  return {
    call,
    answeredBy,
    durationMs,
    segments: segments.list(),
    summary: '',
    tasks: [],
    sentiment: null,
    latenciesMs: [...latenciesMs],
    recording,
    ...(unheard.length > 0 ? { unheard } : {}),
  };
}

/** A call that an earlier life of the app left open: it ended with the app, at the last sign of it. */
function endedWithTheApp(record: CallRecord): CallRecord {
  const { call, durationMs, segments } = record;
  const wasOver = call.state.state === 'ended';
  const endedAtMs =
    call.endedAtMs ?? (call.answeredAtMs === null ? call.startedAtMs : call.answeredAtMs + Math.max(durationMs, lastMs(segments)));
  return {
    ...record,
    call: wasOver ? call : { ...call, state: { state: 'ended', reason: 'engine-lost' }, endedAtMs },
    durationMs: call.answeredAtMs === null ? 0 : Math.max(0, endedAtMs - call.answeredAtMs),
  };
}

function lastMs(segments: CallRecord['segments']): number {
  return segments.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
}
