import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../base/errors.ts';
import { createResampler, encodeWav, joinSamples, openWavFile, quietestPosition, rootMeanSquare } from '../../platform/audio/index.ts';
import { medianFundamental } from '../pitch/fundamental.ts';

/** Somebody's voice, as engines that copy voices take it. */
export interface VoiceSample {
  /** 24 kHz, mono, 16 bit; no silence around it, 30 s at most. */
  wav: Uint8Array;
  durationMs: number;
  /** How high the voice is: the median of its fundamental. Undefined when it is whispered. */
  fundamentalHz: number | undefined;
}

const RATE_HZ = 24_000;
const LONGEST_MS = 30_000;
/** Of a longer recording only its beginning is listened to; one that is longer still was not meant as a sample. */
const LISTENED_MS = 90_000;
const LONGEST_RECORDING_MS = 15 * 60_000;
const LEAST_SPEECH_MS = 3000;
const FRAME_MS = 20;
/** Kept before the first and behind the last sound. */
const MARGIN_MS = 120;
/** Quieter than this nothing is speech, whatever else there is: -50 dB. */
const SILENCE_RMS = 0.003;
/** Speech stands this far above the noise of the room: 12 dB. */
const ABOVE_NOISE = 4;
/** A wave that is cut off stays at its limit for samples on end; this share of them is heard as crackling. */
const CLIPPED_SHARE = 0.0005;
const LIMIT = 0.997;

/** What people record with, and what its files begin with. */
const OTHER_FORMATS: readonly [name: string, offset: number, bytes: string][] = [
  ['MP3', 0, 'ID3'],
  ['MP3', 0, '\u00FF\u00FB'],
  ['MP3', 0, '\u00FF\u00F3'],
  ['MP3', 0, '\u00FF\u00F2'],
  ['M4A', 4, 'ftyp'],
  ['OGG', 0, 'OggS'],
  ['FLAC', 0, 'fLaC'],
  ['WebM', 0, '\u001A\u0045\u00DF\u00A3'],
];

/**
 * Checks a recording of any sample rate and width, and makes a sample of it. Rejects with a sentence of the area `voice` for what cannot be used
 * (`voice.sample-format`, `-damaged`, `-too-long`, `-silent`, `-too-short`, `-clipped`).
 */
export async function readVoiceSample(path: string): Promise<VoiceSample> {
  await refuseOtherFormats(path);
  const recording = await listen(path).catch((error: unknown) => {
    throw readable(error);
  });
  const bounds = speechBounds(recording);
  let end = bounds.end;
  if (end - bounds.start > ofMs(LONGEST_MS)) {
    const latest = bounds.start + ofMs(LONGEST_MS);
    end = quietestPosition(recording, latest - ofMs(4000), latest, ofMs(60));
  }
  const samples = recording.slice(bounds.start, end);
  return {
    wav: encodeWav({ samples, sampleRateHz: RATE_HZ }),
    durationMs: Math.round((samples.length / RATE_HZ) * 1000),
    fundamentalHz: await medianFundamental(samples, RATE_HZ),
  };
}

async function refuseOtherFormats(path: string): Promise<void> {
  const file = await open(path, 'r').catch(() => undefined);
  // A file that cannot be opened is told by the WAV reader.
  if (!file) return;
  const head = Buffer.alloc(16);
  await file.read(head, 0, head.length, 0).finally(() => file.close());
  const text = head.toString('latin1');
  const found = OTHER_FORMATS.find(([, offset, bytes]) => text.startsWith(bytes, offset));
  if (!found) return;
  throw wrongFormat(found[0]);
}

/** What the WAV reader says names a file inside the app; the person who chose a recording has never heard of it. */
function readable(error: unknown): unknown {
  if (!(error instanceof AppError) || !error.code.startsWith('audio.')) return error;
  if (error.code === 'audio.unsupported') return wrongFormat('WAV (non-PCM)', error);
  return new AppError('voice.sample-damaged', 'The recording cannot be read: it is empty, damaged or not a WAV file. Record it again.', {
    cause: error,
  });
}

function wrongFormat(format: string, cause?: unknown): AppError {
  return new AppError(
    'voice.sample-format',
    `The recording is of the format ${format}. A voice sample must be a WAV file (PCM): convert it, or record it again.`,
    {
      details: { format },
      cause,
    },
  );
}

/** The beginning of the recording at the rate of samples. */
async function listen(path: string): Promise<Float32Array> {
  const file = await openWavFile(path);
  const { sampleRateHz } = file.format;
  if (file.durationMs > LONGEST_RECORDING_MS) {
    await file.close();
    const minutes = Math.round(file.durationMs / 60_000);
    throw new AppError(
      'voice.sample-too-long',
      `The recording is ${minutes} minutes long. Cut out ten to thirty seconds of clear speech.`,
      {
        details: { minutes: String(minutes) },
      },
    );
  }
  const resampler = createResampler(sampleRateHz, RATE_HZ);
  const pieces: Float32Array[] = [];
  let listened = 0;
  // Leaving the loop closes the file.
  for await (const block of file.blocks(sampleRateHz)) {
    pieces.push(resampler.push(block));
    listened += block.length;
    if (listened / sampleRateHz >= LISTENED_MS / 1000) break;
    await nextTurn();
  }
  return joinSamples([...pieces, resampler.flush()]);
}

/** From shortly before the first speech to shortly behind the last. */
function speechBounds(recording: Float32Array): { start: number; end: number } {
  const frame = ofMs(FRAME_MS);
  const levels = Array.from({ length: Math.floor(recording.length / frame) }, (_, index) =>
    rootMeanSquare(recording.subarray(index * frame, (index + 1) * frame)),
  );
  const loudest = levels.reduce((most, level) => Math.max(most, level), 0);
  if (loudest < SILENCE_RMS) {
    throw new AppError('voice.sample-silent', 'Nothing can be heard in the recording. Check the microphone and record it again.');
  }
  // Rooms are quieter than speech; where there is no pause at all, a tenth of the loudest is.
  const room = levels.toSorted((left, right) => left - right)[Math.floor(levels.length / 10)] ?? 0;
  const threshold = Math.max(SILENCE_RMS, Math.min(room * ABOVE_NOISE, loudest / 10));
  const speaks = levels.map((level) => level > threshold);
  const speechMs = speaks.filter(Boolean).length * FRAME_MS;
  if (speechMs < LEAST_SPEECH_MS) {
    throw new AppError(
      'voice.sample-too-short',
      `There are only ${(speechMs / 1000).toFixed(1)} seconds of speech in the recording. Speak for five to twenty seconds.`,
      { details: { seconds: (speechMs / 1000).toFixed(1) } },
    );
  }
  const start = Math.max(0, speaks.indexOf(true) * frame - ofMs(MARGIN_MS));
  const end = Math.min(recording.length, (speaks.lastIndexOf(true) + 1) * frame + ofMs(MARGIN_MS));
  refuseClipped(recording.subarray(start, end));
  return { start, end };
}

function refuseClipped(speech: Float32Array): void {
  let clipped = 0;
  for (let at = 1; at < speech.length; at += 1) {
    if (Math.abs(speech[at] ?? 0) >= LIMIT && Math.abs(speech[at - 1] ?? 0) >= LIMIT) clipped += 1;
  }
  if (clipped / speech.length < CLIPPED_SHARE) return;
  throw new AppError(
    'voice.sample-clipped',
    'The recording is overdriven and crackles. Move away from the microphone and record it again.',
  );
}

function ofMs(ms: number): number {
  return Math.round((ms / 1000) * RATE_HZ);
}
