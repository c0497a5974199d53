import { describe, expect, it } from 'vitest';
import { savedKeyOf } from '../../../../../src-renderer/face/recording/clip-doubts.ts';

describe('savedKeyOf', () => {
  it.each([
    ['H.264 and AAC play everywhere', ['avc1.64001f', 'mp4a.40.2'], 'exported'],
    ['VP9 does not', ['vp09.00.31.08', 'mp4a.40.2'], 'clipNotEverywhere'],
    ['nor does Opus', ['avc1.64001f', 'opus'], 'clipNotEverywhere'],
    ['one codec alone is a silent clip', ['avc1.42e01f'], 'clipSilent'],
    ['which may be an odd one, too', ['vp09.00.31.08'], 'clipSilentNotEverywhere'],
    ['of a clip of another program nothing is known', [], 'exported'],
  ])('%s', (_case, codecs, key) => expect(savedKeyOf(codecs)).toBe(key));
});
