import { canEncodeAudio, type AudioCodec, type VideoCodec } from 'mediabunny';
import { CallError } from '../../bridge/index.ts';

/** How pictures are encoded: mediabunny's name of the codec and the exact profile. */
export interface VideoChoice {
  codec: VideoCodec;
  fullCodecString: string;
  bitrate: number;
}

export interface AudioChoice {
  codec: AudioCodec;
  sampleRateHz: number;
  bitrate: number;
  /** Samples that the encoder puts before the sound without saying so: the sound must begin so much earlier to be heard in time. */
  leadSamples: number;
}

export interface PictureFormat {
  width: number;
  height: number;
  fps: number;
}

/** Tries one encoder for real; true when it made pictures. */
export type VideoTrial = (config: VideoEncoderConfig) => Promise<boolean>;

/** Bits for each pixel drawn: a face before a calm ground needs little. */
const BITS_PER_PIXEL = 0.16;
const SOUND_RATE_HZ = 48_000;
const SOUND_BITRATE = 128_000;
/** FFmpeg's AAC encoder, which the one in WebAssembly is, begins with one frame of silence. */
const WASM_LEAD_SAMPLES = 1024;

/** How long a trial may take before its encoder counts as hung. Two small pictures take a few milliseconds. */
const TRIAL_LIMIT_MS = 5_000;

/**
 * The best encoder that really works here: H.264 High, then Baseline, which every player knows, then VP9. What the browser claims is not enough: some
 * machines name profiles whose encoder then fails. Rejects with `recording.no-codec`.
 */
export async function chooseVideo(format: PictureFormat, tryOut: VideoTrial = tryEncoder): Promise<VideoChoice> {
  const bitrate = Math.round(format.width * format.height * format.fps * BITS_PER_PIXEL);
  for (const [codec, fullCodecString] of ladderOf(format)) {
    const works = await tryOut({
      codec: fullCodecString,
      width: format.width,
      height: format.height,
      framerate: format.fps,
      bitrate,
      ...(codec === 'avc' ? { avc: { format: 'avc' } } : {}),
    });
    if (works) return { codec, fullCodecString, bitrate };
  }
  throw new CallError({
    code: 'recording.no-codec',
    message: 'This browser cannot write video. Record in the app itself, or in a current Chrome or Edge.',
    details: {},
  });
}

function ladderOf(format: PictureFormat): [VideoCodec, string][] {
  const level = avcLevel(format).toString(16).padStart(2, '0');
  return [
    ['avc', `avc1.6400${level}`],
    ['avc', `avc1.42e0${level}`],
    ['vp9', `vp09.00.${format.width * format.height > 1280 * 720 ? '40' : '31'}.08`],
  ];
}

/** H.264 levels (ITU-T H.264 table A-1): level number × 10, macroblocks of a picture and of a second. */
const AVC_LEVELS = [
  [30, 1620, 40_500],
  [31, 3600, 108_000],
  [40, 8192, 245_760],
  [51, 36_864, 983_040],
] as const;

function avcLevel({ width, height, fps }: PictureFormat): number {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  return AVC_LEVELS.find(([, picture, second]) => blocks <= picture && blocks * fps <= second)?.[0] ?? 52;
}

async function tryEncoder(config: VideoEncoderConfig): Promise<boolean> {
  if (typeof VideoEncoder === 'undefined') return false;
  let pictures = 0;
  let failed = false;
  try {
    if ((await VideoEncoder.isConfigSupported(config)).supported !== true) return false;
    const encoder = new VideoEncoder({ output: () => (pictures += 1), error: () => (failed = true) });
    encoder.configure(config);
    const canvas = new OffscreenCanvas(config.width, config.height);
    if (canvas.getContext('2d') === null) return false;
    for (const timestamp of [0, 40_000]) {
      const frame = new VideoFrame(canvas, { timestamp });
      encoder.encode(frame);
      frame.close();
    }
    await Promise.race([encoder.flush(), pause(TRIAL_LIMIT_MS)]);
    if (encoder.state !== 'closed') encoder.close();
  } catch {
    return false;
  }
  return !failed && pictures === 2;
}

/**
 * AAC, which plays everywhere: the browser's own encoder (Windows, macOS), else one in WebAssembly; else Opus, which most players know in MP4.
 * undefined = the clip must do without sound.
 */
export async function chooseAudio(): Promise<AudioChoice | undefined> {
  const wanted = { numberOfChannels: 1, sampleRate: SOUND_RATE_HZ, bitrate: SOUND_BITRATE };
  const chosen = { sampleRateHz: SOUND_RATE_HZ, bitrate: SOUND_BITRATE };
  const native = { codec: 'mp4a.40.2', sampleRate: SOUND_RATE_HZ, numberOfChannels: 1, bitrate: SOUND_BITRATE };
  if (typeof AudioEncoder !== 'undefined' && (await AudioEncoder.isConfigSupported(native)).supported === true)
    return { codec: 'aac', leadSamples: 0, ...chosen };
  if (await mayRunWebAssembly()) {
    const { registerAacEncoder } = await import('@mediabunny/aac-encoder');
    registerAacEncoder();
    return { codec: 'aac', leadSamples: WASM_LEAD_SAMPLES, ...chosen };
  }
  return (await canEncodeAudio('opus', wanted)) ? { codec: 'opus', leadSamples: 0, ...chosen } : undefined;
}

/** The smallest valid module: magic number and version. */
const EMPTY_MODULE = '[0, 97, 115, 109, 1, 0, 0, 0]';

/** The encoder in WebAssembly lives in a worker made from a blob; where the page's policy forbids either, it would wait for ever. */
async function mayRunWebAssembly(): Promise<boolean> {
  const script = `new WebAssembly.Module(new Uint8Array(${EMPTY_MODULE})); postMessage(true);`;
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    const worker = new Worker(url);
    const answer = new Promise<boolean>((resolve) => {
      worker.addEventListener('message', () => resolve(true));
      worker.addEventListener('error', () => resolve(false));
    });
    const allowed = await answer;
    worker.terminate();
    return allowed;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
