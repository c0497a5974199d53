import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expressionSetSchema, portraitFaceSchema } from '../../../../src-preload/contract/index.ts';
import { SHIPPED_CHARACTERS, shippedCharacter } from '../../../doubles/shipped-characters.ts';

const IDS = ['default', 'cyberpunk-host', 'retro-assistant'] as const;
const jsonOf = (id: string, file: string): unknown => JSON.parse(readFileSync(join(SHIPPED_CHARACTERS, id, file), 'utf8'));

describe.each(IDS)('the shipped character %s', (id) => {
  const character = shippedCharacter(id);

  it('has the portrait that its metadata describe, with the face found in it', () => {
    const bytes = readFileSync(join(SHIPPED_CHARACTERS, id, character.portrait.file));
    const face = portraitFaceSchema.parse(jsonOf(id, 'face.json'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(character.portrait.hash);
    expect([face.portraitHash, face.width, face.height]).toEqual([
      character.portrait.hash,
      character.portrait.width,
      character.portrait.height,
    ]);
  });

  it('has every picture of its expression set', () => {
    const { states, size } = expressionSetSchema.parse(jsonOf(id, 'set.json'));
    expect(character.expressionSet).toBe(true);
    expect(size).toEqual([character.portrait.width, character.portrait.height]);
    for (const { file } of Object.values(states)) expect([file, existsSync(join(SHIPPED_CHARACTERS, id, file))]).toEqual([file, true]);
  });

  it.each(['en', 'de'] as const)('introduces itself by name in %s, and shows its manner in four to six exchanges', (language) => {
    const [firstSentence = ''] = character.systemPrompt[language].split(/(?<=\.)\s/);
    expect(firstSentence).toMatch(new RegExp(`^(?:You are|Du bist) ${character.name}, .{10,160}\\.$`));
    expect(character.examples[language].length).toBeGreaterThanOrEqual(4);
    expect(character.examples[language].length).toBeLessThanOrEqual(6);
    expect(character.examples[language].some(([, answer]) => answer.includes('{current_time}'))).toBe(true);
    expect(character.sample[language]).toContain(character.name);
  });
});

describe('the shipped characters', () => {
  const all = IDS.map(shippedCharacter);

  it('differ in everything that is seen and heard', () => {
    const ways = all.map(({ style, voice, renderer, personality }) => [
      style,
      voice.pitch,
      voice.speed,
      voice.emotion,
      renderer.effects,
      personality.speechPatterns[0]?.kind,
    ]);
    const columns = ways[0]?.map((_, column) => new Set(ways.map((way) => way[column])).size);
    expect(columns).toEqual([3, 3, 3, 3, 3, 3]);
  });

  it('are small enough to come with the app', () => {
    const sizes = IDS.flatMap((id) =>
      readdirSync(join(SHIPPED_CHARACTERS, id)).map((name) => readFileSync(join(SHIPPED_CHARACTERS, id, name)).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
  });
});
