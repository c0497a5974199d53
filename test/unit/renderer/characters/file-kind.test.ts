import { describe, expect, it } from 'vitest';
import { fileKind, fileNameOf, nameFromFile } from '../../../../src-renderer/features/characters/file-kind.ts';

describe('fileKind', () => {
  it.each([
    ['ada.JPG', 'image/jpeg', 'picture'],
    ['drawing.avif', '', 'picture'],
    ['no-ending', 'image/png', 'picture'],
    ['ada.vrm', '', 'model'],
    ['Ada.GLB', 'model/gltf-binary', 'model'],
    ['ada.character', 'application/zip', 'character'],
    ['voice.wav', 'audio/wav', 'unknown'],
    ['page.html', 'text/html', 'unknown'],
  ] as const)('takes %s (%s) for a %s', (name, type, kind) => {
    expect(fileKind({ name, type })).toBe(kind);
  });
});

describe('nameFromFile', () => {
  it('makes a name to begin with', () => {
    expect(nameFromFile('ada_lovelace-2.vrm')).toBe('Ada lovelace 2');
    expect(nameFromFile(`${'x'.repeat(100)}.glb`)).toHaveLength(60);
  });
});

describe('fileNameOf', () => {
  it('leaves out what a file name may not have', () => {
    expect(fileNameOf('Großmutter "W." von: / Hohenlohe')).toBe('Großmutter W von  Hohenlohe');
    expect(fileNameOf('???')).toBe('clip');
  });
});
