import { describe, expect, it } from 'vitest';
import type { Setting } from '../../../../src-preload/contract/index.ts';
import { searchSettings, subjectsOf } from '../../../../src-renderer/features/settings/settings-search.ts';

const setting = (key: string, subject: string): Setting => ({
  key,
  subject,
  kind: 'switch',
  level: 'common',
  value: false,
  defaultValue: false,
});
const SETTINGS = [setting('voice.volume', 'voice'), setting('talk.mode', 'talk'), setting('advanced.logLevel', 'advanced')];
const WORDS: Record<string, string> = {
  'voice.volume': 'Lautstärke Der Stimme und der Signaltöne',
  'talk.mode': 'Wie du sprichst Freihändig',
  'advanced.logLevel': 'Protokoll',
};
const found = (query: string): string[] => searchSettings(SETTINGS, query, ({ key }) => WORDS[key] ?? '').map(({ key }) => key);

describe('searchSettings', () => {
  it('finds by words, by parts of them, and by key', () => {
    expect(found('stimme')).toEqual(['voice.volume']);
    expect(found('hand')).toEqual(['talk.mode']);
    expect(found('loglevel')).toEqual(['advanced.logLevel']);
  });

  it('does not mind accents and capitals', () => {
    expect(found('LAUTSTARKE')).toEqual(['voice.volume']);
  });

  it('wants all words', () => {
    expect(found('stimme freihändig')).toEqual([]);
    expect(found('der signal')).toEqual(['voice.volume']);
  });
});

describe('subjectsOf', () => {
  it('lists subjects that have settings, in the order of the pages', () => {
    expect(subjectsOf(SETTINGS)).toEqual(['talk', 'voice', 'advanced']);
  });
});
