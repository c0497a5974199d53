import { describe, expect, it } from 'vitest';
import { readGlb } from '../../../../../src-renderer/face/three-d/glb-file.ts';
import { packGlb } from '../../../../fixtures/face/glb-writer.ts';
import { checkerPng, makeAvatar, type AvatarKind } from '../../../../fixtures/face/make-avatar.ts';

/** What readGlb says to a file. */
function said(file: Uint8Array<ArrayBuffer>): string {
  try {
    readGlb(file.buffer);
    return 'taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A PNG that claims a size; its pixels are nobody's business here. */
function pngOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const png = new Uint8Array(checkerPng());
  const view = new DataView(png.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return png;
}

const withPicture = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  packGlb(
    {
      buffers: [{ byteLength: bytes.length }],
      bufferViews: [{ buffer: 0, byteLength: bytes.length }],
      images: [{ bufferView: 0, mimeType: 'image/png' }],
    },
    bytes,
  );

describe('readGlb', () => {
  it.each<AvatarKind>(['arkit', 'oculus', 'vrm1', 'vrm0'])('takes a whole avatar (%s) with its picture', (kind) => {
    const { pictures } = readGlb(makeAvatar(kind).buffer);
    expect(pictures).toEqual([{ mimeType: 'image/png', bytes: new Uint8Array(checkerPng()) }]);
  });

  it('takes a picture that lies in the description', () => {
    const uri = `data:image/png;base64,${Buffer.from(checkerPng()).toString('base64')}`;
    expect(readGlb(packGlb({ images: [{ uri }] }).buffer).pictures).toEqual([
      { mimeType: 'image/png', bytes: new Uint8Array(checkerPng()) },
    ]);
  });

  it.each<[string, string, () => Uint8Array<ArrayBuffer>]>([
    ['text', 'This is not a GLB or VRM file', () => new Uint8Array(Buffer.from('a file of words, longer than a head'))],
    ['nothing', 'This is not a GLB or VRM file', () => new Uint8Array()],
    ['glTF 1', 'an old glTF version', () => packGlb({}).with(4, 1)],
    ['half a file', 'cut off', () => makeAvatar('mute').slice(0, 5000)],
    ['a piece that reaches beyond the file', 'damaged', () => packGlb({}).with(14, 255)],
    ['no JSON', 'description of the model is damaged', () => packGlb({}).with(20, 33)],
    ['a list in place of a description', 'description of the model is damaged', () => packGlb([])],
    ['geometry in another file', 'one file with everything inside', () => packGlb({ buffers: [{ uri: 'body.bin', byteLength: 4 }] })],
    [
      'geometry on a server',
      'one file with everything inside',
      () => packGlb({ buffers: [{ uri: 'https://example.org/x', byteLength: 4 }] }),
    ],
    ['pictures on a server', 'one file with everything inside', () => packGlb({ images: [{ uri: 'https://example.org/x.png' }] })],
    ['less geometry than it says', 'cut off', () => packGlb({ buffers: [{ byteLength: 5000 }] }, new Uint8Array(8))],
    ['a picture that is not there', 'missing in the file', () => packGlb({ images: [{ bufferView: 3 }] })],
    ['a picture of another kind', 'neither PNG, JPEG nor WebP', () => withPicture(new Uint8Array(64))],
    ['a picture of 20 000 pixels', 'larger than 8192 pixels', () => withPicture(pngOf(20_000, 10))],
    ['Draco', 'compressed with Draco', () => packGlb({ extensionsRequired: ['KHR_draco_mesh_compression'] })],
    [
      'millions of triangles',
      'too detailed',
      () => packGlb({ accessors: [{ count: 4_500_000 }], meshes: [{ primitives: [{ indices: 0, attributes: {} }] }] }),
    ],
    ['an endless list of zeros', 'too detailed', () => packGlb({ accessors: [{ count: 2 ** 40 }] })],
    ['thousands of bones', 'too detailed', () => packGlb({ nodes: Array.from({ length: 5001 }, () => ({})) })],
  ])('refuses %s and says what to do', (_what, sentence, file) => {
    expect(said(file())).toContain(sentence);
  });
});
