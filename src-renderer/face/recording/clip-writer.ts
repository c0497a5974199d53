import { AudioSample, AudioSampleSource, BufferTarget, Mp4OutputFormat, Output, VideoSample, VideoSampleSource } from 'mediabunny';
import { chooseAudio, chooseVideo, type PictureFormat } from './codec-choice.ts';

/** Sound of one channel. */
export interface Sound {
  samples: Float32Array<ArrayBuffer>;
  sampleRateHz: number;
}

/** A finished MP4. */
export interface Recording {
  blob: Blob;
  mimeType: string;
  /** As players name them, e.g. `avc1.64001f`, `mp4a.40.2`. Without sound there is one. */
  codecs: string[];
}

interface Size {
  width: number;
  height: number;
}

/** Writes one MP4: pictures and sound by their time in the clip, in any order between the two. */
export interface ClipWriter {
  readonly width: number;
  readonly height: number;
  /** Takes the canvas as it is now, whole and undistorted whatever its size has become; a WebGL canvas must have been drawn in the same task. Waits while the encoder is behind. */
  addPicture(canvas: HTMLCanvasElement | OffscreenCanvas, atMs: number, durationMs: number): Promise<void>;
  /** The sound from the beginning of the clip on; once, and not at all in a clip without sound. */
  addSound(sound: Sound): Promise<void>;
  finish(): Promise<Recording>;
  /** Stops the encoders; the clip is gone. Does nothing when it was finished. */
  cancel(): Promise<void>;
}

export interface ClipOptions extends PictureFormat {
  sound: boolean;
  /** Every picture is on its place of `fps`; otherwise each keeps the time that it was drawn for. */
  steady: boolean;
  /** What is seen through transparent places: MP4 knows none. */
  ground: string;
}

/** Rejects with `recording.no-codec`. */
export async function createClipWriter({ sound, ground, fps, steady, ...size }: ClipOptions): Promise<ClipWriter> {
  // Colours are stored at half the width and height.
  const [width, height] = [even(size.width), even(size.height)];
  const video = await chooseVideo({ width, height, fps });
  const audio = sound ? await chooseAudio() : undefined;
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target: new BufferTarget() });
  const pictures = new VideoSampleSource({
    codec: video.codec,
    fullCodecString: video.fullCodecString,
    bitrate: video.bitrate,
    keyFrameInterval: 2,
  });
  output.addVideoTrack(pictures, steady ? { frameRate: fps } : {});
  const track = audio === undefined ? undefined : new AudioSampleSource({ codec: audio.codec, bitrate: audio.bitrate });
  if (track !== undefined) output.addAudioTrack(track);
  await output.start();

  const stage = new OffscreenCanvas(width, height);
  const painter = stage.getContext('2d', { alpha: false });

  return {
    width,
    height,
    async addPicture(canvas, atMs, durationMs) {
      if (painter !== null) {
        painter.fillStyle = ground;
        painter.fillRect(0, 0, width, height);
        painter.drawImage(canvas, ...placeIn({ width, height }, canvas));
      }
      const sample = new VideoSample(stage, { timestamp: atMs / 1000, duration: durationMs / 1000 });
      await pictures.add(sample).finally(() => sample.close());
    },
    async addSound(given) {
      if (track === undefined || audio === undefined) return;
      const { samples, sampleRateHz } = await resampled(given, audio.sampleRateHz);
      const timestamp = -audio.leadSamples / audio.sampleRateHz;
      const sample = new AudioSample({ data: samples, format: 'f32', numberOfChannels: 1, sampleRate: sampleRateHz, timestamp });
      await track.add(sample).finally(() => sample.close());
      track.close();
    },
    async finish() {
      pictures.close();
      track?.close();
      await output.finalize();
      const mimeType = await output.getMimeType();
      const { buffer } = output.target;
      if (buffer === null) throw new Error('The clip is empty.');
      return { blob: new Blob([buffer], { type: 'video/mp4' }), mimeType, codecs: codecsOf(mimeType) };
    },
    async cancel() {
      if (output.state === 'started') await output.cancel();
    },
  };
}

const even = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);

/** Rounding may make a canvas wider by so much than the clip is; nobody sees that, but everybody sees a line at the edge. */
const SAME_SHAPE = 0.02;

/** x, y, width and height at which a canvas of any shape is whole and in the middle. */
function placeIn(clip: Size, canvas: Size): [number, number, number, number] {
  const [across, down] = [clip.width / canvas.width, clip.height / canvas.height];
  if (Math.abs(across / down - 1) < SAME_SHAPE) return [0, 0, clip.width, clip.height];
  const scale = Math.min(across, down);
  const [width, height] = [canvas.width * scale, canvas.height * scale];
  return [(clip.width - width) / 2, (clip.height - height) / 2, width, height];
}

/** `video/mp4; codecs="avc1.64001f, mp4a.40.2"` → its codecs. */
function codecsOf(mimeType: string): string[] {
  return /codecs="([^"]*)"/.exec(mimeType)?.[1]?.split(/,\s*/) ?? [];
}

/** The browser's own resampler: the same sound always gives the same samples. */
async function resampled({ samples, sampleRateHz }: Sound, wantedHz: number): Promise<Sound> {
  if (sampleRateHz === wantedHz || samples.length === 0) return { samples, sampleRateHz };
  const context = new OfflineAudioContext(1, Math.ceil((samples.length * wantedHz) / sampleRateHz), wantedHz);
  const buffer = new AudioBuffer({ length: samples.length, numberOfChannels: 1, sampleRate: sampleRateHz });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  const rendered = await context.startRendering();
  return { samples: rendered.getChannelData(0), sampleRateHz: wantedHz };
}
