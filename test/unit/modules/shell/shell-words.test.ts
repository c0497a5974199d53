import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../../src-main/modules/shell/shell-words.ts';

const words = (value: object): string[] =>
  Object.values(value).flatMap((word) => (typeof word === 'string' ? [word] : words(word as object)));

describe('shellWords', () => {
  it('has every word in both languages, and none left in the other one', () => {
    const [english, german] = [words(shellWords('en')), words(shellWords('de'))];
    expect(german).toHaveLength(english.length);
    expect(german.filter((word, index) => word === '' || word === english[index])).toEqual([]);
  });

  it('names states that have an icon for light and dark panels, in both sizes', () => {
    const missing = Object.keys(shellWords('en').tray)
      .flatMap((state) => ['on-dark', 'on-light'].flatMap((panel) => [`tray-${state}-${panel}.png`, `tray-${state}-${panel}@2x.png`]))
      .filter((file) => !existsSync(new URL(`../../../../resources/icons/${file}`, import.meta.url)));
    expect(missing).toEqual([]);
  });
});
