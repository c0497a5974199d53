import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallRecord } from '../../../../../src-preload/contract/index.ts';
import {
  createRecordingTranscripts,
  type TranscribeSound,
} from '../../../../../src-main/modules/telephony/records/recording-transcripts.ts';
import { createQuietWork } from '../../../../../src-main/modules/telephony/records/quiet-work.ts';
import { createRecordings } from '../../../../../src-main/modules/telephony/records/recordings.ts';
import { encodeWav } from '../../../../../src-main/platform/audio/index.ts';
import { createHistoryBench } from '../../../../doubles/history-bench.ts';
import { callRecord } from '../../../../doubles/phone-call.ts';

/** Real store, real sealed recording, a recogniser that says how long and how loud the sound was. */
async function begin(options: { durationMs: number; unheard: CallRecord['unheard']; transcribe?: TranscribeSound; language?: string }) {
  const bench = await createHistoryBench();
  const store = await bench.open();
  const recordings = createRecordings({
    dataDirectory: bench.dataDirectory,
    keyring: await bench.keyring(),
    clock: bench.clock,
    log: bench.log,
  });
  // Each second is as loud as its number: the place is heard.
  const samples = Float32Array.from({ length: options.durationMs * 8 }, (_value, index) => Math.floor(index / 8_000) / 100);
  const recording = await recordings.add('c', encodeWav({ samples, sampleRateHz: 8_000 }), 0);
  store.phone.saveCall(callRecord('c', { recording, ...(options.unheard ? { unheard: options.unheard } : {}) }), true);
  const asked: (string | undefined)[] = [];
  const written: string[] = [];
  let busy = false;
  const transcripts = createRecordingTranscripts({
    records: store.phone,
    recordings,
    transcribe:
      options.transcribe ??
      (async (sound, language) => {
        asked.push(language);
        const second = Math.round((sound[Math.floor(sound.length / 2)] ?? 0) * 100);
        const lengthMs = sound.length / 16;
        return { language: language ?? 'de', speeches: [{ text: `second ${second}`, startMs: 100, endMs: lengthMs }] };
      }),
    languageOf: () => options.language,
    quiet: createQuietWork({ clock: bench.clock, isBusy: () => busy }),
    onWritten: (callId, language) => void written.push(`${callId} ${language}`),
    onPlaced: () => undefined,
    log: bench.log,
  });
  onTestFinished(() => transcripts.dispose());
  return { bench, store, recordings, transcripts, asked, written, setBusy: (on: boolean) => void (busy = on) };
}

describe('createRecordingTranscripts', () => {
  it('writes each piece down at its place, and finds out the language once', async () => {
    const { store, transcripts, asked, written } = await begin({
      durationMs: 20_000,
      unheard: [
        { speaker: 'owner', startMs: 8_000, endMs: 9_000 },
        { speaker: 'caller', startMs: 10_000, endMs: 13_000 },
      ],
    });
    transcripts.add('c');
    await transcripts.whenSettled();
    const record = store.phone.getCall('c');
    expect(record?.segments.slice(2)).toMatchObject([
      { speaker: 'owner', text: 'second 8', startMs: 8_100, endMs: 9_000, wordStartsMs: [8_100, 8_800] },
      { speaker: 'caller', text: 'second 11', startMs: 10_100, endMs: 13_000 },
    ]);
    expect([record?.unheard, asked, written]).toEqual([undefined, [undefined, 'de'], ['c de']]);
  });

  it('cuts a long piece, and leaves what is not recorded yet', async () => {
    const { store, transcripts, asked, written } = await begin({
      durationMs: 40_000,
      unheard: [
        { speaker: 'owner', startMs: 0, endMs: 40_000 },
        { speaker: 'caller', startMs: 50_000, endMs: 55_000 },
      ],
      language: 'en',
    });
    transcripts.add('c');
    await transcripts.whenSettled();
    expect(store.phone.getCall('c')?.unheard).toEqual([{ speaker: 'caller', startMs: 50_000, endMs: 55_000 }]);
    expect([asked, written]).toEqual([['en', 'en'], ['c en']]);
    transcripts.add('c');
    await transcripts.whenSettled();
    expect(written).toHaveLength(1);
  });

  it('waits while somebody talks, and stops when the app does', async () => {
    const { bench, store, transcripts, setBusy } = await begin({
      durationMs: 5_000,
      unheard: [{ speaker: 'owner', startMs: 0, endMs: 5_000 }],
    });
    setBusy(true);
    transcripts.add('c');
    await bench.clock.advance(5_000);
    expect(store.phone.getCall('c')?.unheard).toHaveLength(1);
    setBusy(false);
    await bench.clock.advance(1_000);
    await transcripts.whenSettled();
    expect(store.phone.getCall('c')?.unheard).toBeUndefined();
    setBusy(true);
    const timers = bench.clock.pendingTimers();
    transcripts.add('c');
    await transcripts.dispose();
    expect(bench.clock.pendingTimers()).toBe(timers);
  });

  it('tells at once that a call is written, whoever talks by then', async () => {
    const { store, transcripts, written, setBusy } = await begin({
      durationMs: 5_000,
      unheard: [{ speaker: 'owner', startMs: 2_000, endMs: 4_000 }],
      transcribe: async () => {
        setBusy(true);
        return { language: 'en', speeches: [{ text: 'second 2', startMs: 0, endMs: 1_000 }] };
      },
    });
    transcripts.add('c');
    await expect.poll(() => written).toEqual(['c en']);
    await transcripts.whenSettled();
    expect(store.phone.getCall('c')?.segments.find(({ text }) => text === 'second 2')?.wordStartsMs).toHaveLength(2);
  });

  it('keeps what is unheard when the recogniser cannot, and brings back no deleted call', async () => {
    const refused = await begin({
      durationMs: 5_000,
      unheard: [{ speaker: 'owner', startMs: 0, endMs: 5_000 }],
      transcribe: () => Promise.reject(new Error('not loaded')),
    });
    refused.transcripts.add('c');
    await refused.transcripts.whenSettled();
    expect(refused.store.phone.getCall('c')?.unheard).toHaveLength(1);
    const deleted = await begin({
      durationMs: 5_000,
      unheard: [{ speaker: 'owner', startMs: 0, endMs: 5_000 }],
      transcribe: async () => {
        deleted.store.phone.removeCall('c');
        return { language: 'en', speeches: [] };
      },
    });
    deleted.transcripts.add('c');
    await deleted.transcripts.whenSettled();
    expect([deleted.store.phone.has('c'), deleted.written]).toEqual([false, []]);
  });
});
