import { createInstance, type i18n } from 'i18next';
import { describe, expect, it } from 'vitest';
import { ERRORS, errorText } from '../../../../src-renderer/i18n/error-text.ts';

async function german(): Promise<i18n> {
  const words = createInstance();
  await words.init({
    lng: 'de-formal',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    resources: {
      de: {
        [ERRORS]: {
          'model.disk-full': '{{neededBytes}} fehlen in {{folder}}.',
          'command.writes': 'Es schreibt.',
          'command.writes_path': 'Es schreibt in {{path}}.',
        },
      },
    },
  });
  return words;
}

const about = (details: Record<string, string>) => ({ code: 'command.writes', message: 'It writes.', details });

describe('errorText', () => {
  it('translates a code with its details, sizes as people say them', async () => {
    const error = { code: 'model.disk-full', message: 'Not enough space.', details: { neededBytes: 2_140_000_000, folder: '/data' } };
    expect(errorText(await german(), error).replaceAll(/\s/g, ' ')).toBe('2,1 GB fehlen in /data.');
  });

  it('names what it is about where there is a sentence for that', async () => {
    expect(errorText(await german(), about({ path: 'a.md' }))).toBe('Es schreibt in a.md.');
    expect(errorText(await german(), about({ program: 'tee' }))).toBe('Es schreibt.');
    expect(errorText(await german(), about({}))).toBe('Es schreibt.');
  });

  it('falls back to the English sentence when a detail of the German one is missing', async () => {
    expect(errorText(await german(), { code: 'model.disk-full', message: 'Not enough space.', details: {} })).toBe('Not enough space.');
  });

  it('falls back to the English sentence for a code that it does not know', async () => {
    expect(errorText(await german(), { code: 'future.thing', message: 'Something new.', details: {} })).toBe('Something new.');
  });
});
