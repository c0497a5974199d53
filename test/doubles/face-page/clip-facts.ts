import { ALL_FORMATS, AudioBufferSink, BlobSource, EncodedPacketSink, Input, VideoSampleSink } from 'mediabunny';
import type { ClipFacts } from './protocol.ts';

/** Reads a clip as a player does: by its own container and codecs, not by what its writer says. */
export async function readClip(blob: Blob): Promise<Omit<ClipFacts, 'mimeType' | 'codecs' | 'tookMs' | 'progress'>> {
  const input = new Input({ source: new BlobSource(blob), formats: ALL_FORMATS });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (video === null) throw new Error('There are no pictures in the clip.');
  const times: number[] = [];
  for await (const packet of new EncodedPacketSink(video).packets()) times.push(packet.timestamp * 1000);
  times.sort((a, b) => a - b);
  const flashesMs: number[] = [];
  for await (const sample of new VideoSampleSink(video).samples()) {
    if (brightness(sample) > 0.6) flashesMs.push((sample.timestamp + sample.duration / 2) * 1000);
    sample.close();
  }
  return {
    sizeBytes: blob.size,
    pictures: {
      count: times.length,
      firstMs: times[0] ?? Number.NaN,
      stepsMs: [...new Set(times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0))))],
      durationMs: Math.round((await video.computeDuration()) * 1000),
      width: video.displayWidth,
      height: video.displayHeight,
      codec: (await video.getCodecParameterString()) ?? '',
    },
    ...(audio === null
      ? {}
      : {
          sound: {
            codec: (await audio.getCodecParameterString()) ?? '',
            sampleRateHz: audio.sampleRate,
            durationMs: Math.round((await audio.computeDuration()) * 1000),
            firstMs: Math.round((await audio.getFirstTimestamp()) * 1000),
          },
        }),
    flashesMs,
    clicksMs: audio === null ? [] : clicksIn(await decodedSound(new AudioBufferSink(audio))),
  };
}

function brightness(sample: {
  draw: (context: OffscreenCanvasRenderingContext2D, x: number, y: number, w: number, h: number) => void;
}): number {
  const context = new OffscreenCanvas(8, 8).getContext('2d');
  if (context === null) throw new Error('No canvas.');
  sample.draw(context, 0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  return data.reduce((sum, value) => sum + value, 0) / data.length / 255;
}

interface Piece {
  startMs: number;
  sampleRateHz: number;
  samples: Float32Array;
}

async function decodedSound(sink: AudioBufferSink): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const { buffer, timestamp } of sink.buffers())
    pieces.push({ startMs: timestamp * 1000, sampleRateHz: buffer.sampleRate, samples: buffer.getChannelData(0).slice() });
  return pieces;
}

/** Loudest sample of each stretch that is louder than speech would be, at least 200 ms apart. */
function clicksIn(pieces: readonly Piece[]): number[] {
  const clicks: { atMs: number; level: number }[] = [];
  for (const { startMs, sampleRateHz, samples } of pieces)
    for (const [index, sample] of samples.entries()) {
      if (Math.abs(sample) < 0.3) continue;
      const click = { atMs: startMs + (index * 1000) / sampleRateHz, level: Math.abs(sample) };
      const last = clicks.at(-1);
      if (last === undefined || click.atMs - last.atMs > 200) clicks.push(click);
      else if (click.level > last.level) Object.assign(last, click);
    }
  return clicks.map(({ atMs }) => atMs);
}
