import { describe, expect, it } from 'vitest';
import { chooseVideo, type PictureFormat } from '../../../../../src-renderer/face/recording/codec-choice.ts';

const HD: PictureFormat = { width: 1280, height: 720, fps: 25 };

/** A machine whose encoders of these kinds work; `asked` = what was tried. */
function machine(works: RegExp) {
  const asked: VideoEncoderConfig[] = [];
  return {
    asked,
    tryOut: async (config: VideoEncoderConfig) => {
      asked.push(config);
      return works.test(config.codec);
    },
  };
}

describe('chooseVideo', () => {
  it('takes H.264 High where it works, and asks for nothing else', async () => {
    const { asked, tryOut } = machine(/./);
    expect(await chooseVideo(HD, tryOut)).toEqual({ codec: 'avc', fullCodecString: 'avc1.64001f', bitrate: 3_686_400 });
    expect(asked).toEqual([{ codec: 'avc1.64001f', width: 1280, height: 720, framerate: 25, bitrate: 3_686_400, avc: { format: 'avc' } }]);
  });

  it('goes down to Baseline, then to VP9', async () => {
    expect((await chooseVideo(HD, machine(/^avc1\.42/).tryOut)).fullCodecString).toBe('avc1.42e01f');
    expect(await chooseVideo(HD, machine(/^vp09/).tryOut)).toMatchObject({ codec: 'vp9', fullCodecString: 'vp09.00.31.08' });
  });

  it('says it when nothing works', async () => {
    const { asked, tryOut } = machine(/^$/);
    await expect(chooseVideo(HD, tryOut)).rejects.toMatchObject({ code: 'recording.no-codec' });
    expect(asked).toHaveLength(3);
  });

  it.each<[PictureFormat, string]>([
    [{ width: 640, height: 360, fps: 25 }, 'avc1.64001e'],
    [{ width: 1280, height: 720, fps: 30 }, 'avc1.64001f'],
    [{ width: 1280, height: 720, fps: 60 }, 'avc1.640028'],
    [{ width: 1920, height: 1080, fps: 30 }, 'avc1.640028'],
    [{ width: 1920, height: 1080, fps: 60 }, 'avc1.640033'],
  ])('takes the level that %j needs: %s', async (format, codec) => {
    expect((await chooseVideo(format, machine(/./).tryOut)).fullCodecString).toBe(codec);
  });

  it('finds nothing in a runtime without encoders', async () => {
    await expect(chooseVideo(HD)).rejects.toMatchObject({ code: 'recording.no-codec' });
  });
});
