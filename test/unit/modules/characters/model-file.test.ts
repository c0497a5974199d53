import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModelFile } from '../../../../src-main/modules/characters/model-file.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const SOUND = { asset: { version: '2.0' }, meshes: [{}] };

/** A GLB with this JSON and nothing else (Khronos glTF 2.0, chapter 4). */
function glb(json: unknown, patch: { magic?: number; version?: number; length?: number } = {}): Buffer {
  const text = JSON.stringify(json);
  const content = Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4));
  const header = Buffer.alloc(20);
  header.writeUInt32LE(patch.magic ?? 0x46546c67, 0);
  header.writeUInt32LE(patch.version ?? 2, 4);
  header.writeUInt32LE(patch.length ?? header.length + content.length, 8);
  header.writeUInt32LE(content.length, 12);
  header.writeUInt32LE(0x4e4f534a, 16);
  return Buffer.concat([header, content]);
}

describe('readModelFile', () => {
  it.each([
    ['a GLB', SOUND, '.glb'],
    ['a VRM of version 0', { ...SOUND, extensionsUsed: ['VRM'] }, '.vrm'],
    ['a VRM of version 1', { ...SOUND, extensionsUsed: ['KHR_texture_transform', 'VRMC_vrm'] }, '.vrm'],
    ['one with embedded data', { ...SOUND, buffers: [{ uri: 'data:application/octet-stream;base64,AA==' }] }, '.glb'],
  ])('knows %s, in memory and on the disk', async (_what, json, extension) => {
    const path = join(await temporaryFolder(), 'model');
    await writeFile(path, glb(json));
    expect([await readModelFile(path), await readModelFile(glb(json))]).toEqual([{ extension }, { extension }]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'it is not a GLB or VRM file'],
    ['a picture', Buffer.from('\u0089PNG\r\n\u001a\n0000000000000000', 'latin1'), 'it is not a GLB or VRM file'],
    ['glTF 1', glb(SOUND, { version: 1 }), 'it is not glTF 2.0'],
    ['one that is cut off', glb(SOUND, { length: 9999 }), 'it is cut off'],
    ['one without a mesh', glb({ asset: { version: '2.0' } }), 'it holds no mesh'],
    [
      'one with files beside it',
      glb({ ...SOUND, images: [{ uri: '../../secret.png' }] }),
      'it needs other files beside it; export it with everything embedded',
    ],
  ])('refuses %s', async (_what, bytes, reason) => {
    await expect(readModelFile(bytes)).rejects.toMatchObject({ code: 'character.bad-model', details: { reason } });
  });
});
