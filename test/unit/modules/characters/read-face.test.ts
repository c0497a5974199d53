import { describe, expect, it } from 'vitest';
import { createCharactersRig } from '../../../doubles/characters-rig.ts';

describe('the portrait of a character', () => {
  it('is a file of this machine with the face that was found in it', async () => {
    const { characters } = await createCharactersRig();
    const { path, face } = await characters.portraitOf('default');
    expect(path).toMatch(/default[/\\]portrait\.\w+$/);
    expect([face.landmarks.length, face.width > 0, face.height > 0]).toEqual([478 * 3, true, true]);
  });

  it('is refused for one that is not there', async () => {
    const { characters } = await createCharactersRig();
    await expect(characters.portraitOf('nobody')).rejects.toMatchObject({ code: 'character.unknown' });
  });
});
