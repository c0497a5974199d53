import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { de, deFormal } from '../../../../src-renderer/i18n/de.ts';
import { en } from '../../../../src-renderer/i18n/en.ts';
import { planCodes, planWords } from '../../../../src-main/modules/tools/plan-words.ts';
import { errorsDe } from '../../../../src-renderer/i18n/errors-de.ts';

const root = resolve(import.meta.dirname, '../../../..');

function sourcesOf(pattern: string): Map<string, string> {
  return new Map(globSync(pattern, { cwd: root }).map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

/** `a.b.c` → words, for every sentence of a catalogue. */
function flat(words: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value as object, `${prefix}${key}.`)],
    ),
  );
}

const variables = (sentence: string): string[] => [...sentence.matchAll(/{{(\w+)}}/g)].map((match) => match[1] ?? '').toSorted();

const english = flat(en);
const german = flat(de);

describe('the catalogues', () => {
  it('have the same keys with the same variables in both languages', () => {
    expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    for (const [key, sentence] of english) expect([key, variables(german.get(key) ?? '')]).toEqual([key, variables(sentence)]);
  });

  it('leave no sentence empty and shout nowhere', () => {
    for (const [key, sentence] of [...english, ...german]) {
      expect([key, sentence.trim()]).not.toEqual([key, '']);
      expect(sentence, key).not.toMatch(/!|Oops/);
    }
  });

  it('address the owner formally only where the sentence exists, with the same variables', () => {
    for (const [key, sentence] of flat(deFormal)) expect([key, variables(sentence)]).toEqual([key, variables(german.get(key) ?? '?')]);
  });

  it('have a formal form for every sentence that says "du"', () => {
    const formal = flat(deFormal);
    const informal = [...german].filter(
      ([key, sentence]) => /\b(?:du|dich|dir|dein\w*|gehe|tu)\b/i.test(sentence) && !key.endsWith('choices.du'),
    );
    expect(informal.map(([key]) => key).filter((key) => !formal.has(key))).toEqual([]);
    for (const [key, sentence] of formal) expect(sentence, key).not.toMatch(/\b(?:du|dich|dir|dein\w*)\b/);
  });

  it('hold nothing that no screen shows', () => {
    const pages = [...sourcesOf('src-renderer/**/*.{ts,tsx}')]
      .filter(([file]) => !file.startsWith('src-renderer/i18n/'))
      .map(([, text]) => text);
    const source = pages.join('\n');
    const unused = [...english.keys()].filter((key) => !isShown(key, source));
    expect(unused).toEqual([]);
  });
});

/** Named in full, or by a template whose fixed part it begins with, or (toasts, plurals) by its last part. */
function isShown(key: string, source: string): boolean {
  const plain = key.replace(/_(?:one|other)$/, '');
  if (source.includes(`'${plain}'`)) return true;
  if (plain.startsWith('toast.') && source.includes(`key: '${plain.slice('toast.'.length)}'`)) return true;
  const parts = plain.split('.');
  return parts.some((_, index) => index > 0 && source.includes(`\`${parts.slice(0, index).join('.')}.\${`));
}

describe('the words of plans', () => {
  it('has a line for every code that the core plans with', () => {
    expect(planCodes.filter((code) => !english.has(`tools.plans.${code}`))).toEqual([]);
  });

  it('names whatever the line of the core names', () => {
    for (const code of planCodes) {
      const { summary } = planWords(code, {});
      const named = [...summary.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();
      expect([code, variables(english.get(`tools.plans.${code}`) ?? '')]).toEqual([code, named]);
    }
  });

  it('has a name for every built-in tool', () => {
    const names = [...sourcesOf('src-main/modules/tools/{built-in/*,search-tools}.ts').values()].flatMap((text) =>
      [...text.matchAll(/defineTool\(\{[^}]*?name: (?:'([a-z_]+)'|SEARCH_TOOLS)/g)].map((match) => match[1] ?? 'search_tools'),
    );
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !english.has(`tools.names.${name}`) || !english.has(`tools.hints.${name}`))).toEqual([]);
  });
});

interface WordyDefinition {
  key: string;
  choices: string[];
  unit: string | undefined;
}

/** Settings as they are declared in the modules: found in the sources, so that a new one cannot be forgotten here. */
function declaredSettings(): WordyDefinition[] {
  return [...sourcesOf('src-main/**/*-{config,settings}.ts').values()].flatMap((text) =>
    text
      .split(/\n(?=export const )/)
      .filter((block) => /key: '[a-zA-Z]+\.[a-zA-Z]+'/.test(block) && block.includes('subject:'))
      .map((block) => ({
        key: /key: '([^']+)'/.exec(block)?.[1] ?? '',
        choices: [...(/choices: \[([^\]]*)\]/.exec(block)?.[1] ?? '').matchAll(/'([^']+)'/g)].map((match) => match[1] ?? ''),
        unit: /unit: '([^']+)'/.exec(block)?.[1],
      })),
  );
}

describe('the words of settings', () => {
  const settings = declaredSettings();

  it('finds the settings of the modules', () => {
    expect(settings.map((setting) => setting.key)).toEqual(
      expect.arrayContaining(['talk.mode', 'appearance.theme', 'privacy.historyDays']),
    );
  });

  it('has a title, a hint and names for its choices for every setting', () => {
    const wanted = settings.flatMap(({ key, choices, unit }) => [
      `settings.${key}.title`,
      `settings.${key}.hint`,
      // Languages are named by the browser.
      ...choices.filter((choice) => key !== 'talk.language' || choice === 'auto').map((choice) => `settings.${key}.choices.${choice}`),
      ...(unit !== undefined && /^[a-z]{3,}/.test(unit) ? [`settings.units.${unit}`] : []),
    ]);
    expect(wanted.filter((key) => !english.has(key))).toEqual([]);
  });
});

/** Areas whose errors end a command in a terminal; no window sees them. */
const TERMINAL_AREAS = new Set(['audio', 'command', 'control', 'serve', 'talk', 'bench']);
/** Mistakes of ours between processes, which the log keeps. */
const OUR_MISTAKES = new Set(['bridge.refused', 'worker.unknown-method', 'worker.listener-failed']);

/** Codes that the core puts together: the microphone's state, and a part that was switched off (`microphone.${…}`, `${…}.broken`). */
const BUILT_CODES = [
  ...['none', 'denied', 'ended', 'stalled'].map((status) => `microphone.${status}`),
  ...['recognition', 'synthesis', 'language'].map((part) => `${part}.broken`),
  'audit.not-written',
];

/** Verdicts on commands and the sentences of the tools: they reach the window as reasons. */
function reasonCodes(): string[] {
  const found = [...sourcesOf('src-main/modules/tools/**/*.ts').values()].flatMap((text) =>
    [
      ...text.matchAll(
        /\b(?:ask|deny|toolError|toolReason)\(\s*'([a-z]+\.[a-z]+(?:-[a-z]+)*)'|^  '((?:policy|tools|approval)\.[a-z-]+)':/gm,
      ),
    ].map((match) => match[1] ?? match[2] ?? ''),
  );
  return [...new Set(found)].toSorted();
}

/** Codes in the sources of the core, where they are given to an error, a notice or a part. */
function errorCodes(): string[] {
  const found = [...sourcesOf('src-main/**/*.ts').values()].flatMap((text) =>
    [...text.matchAll(/(?:AppError\(\s*|\bcode(?:: | = )|\bnotice\([^,()]+,\s*)'([a-z]+\.[a-z]+(?:-[a-z]+)*)'/g)].map(
      (match) => match[1] ?? '',
    ),
  );
  return [...new Set([...found, ...BUILT_CODES])]
    .filter((code) => !TERMINAL_AREAS.has(code.split('.')[0] ?? '') && !OUR_MISTAKES.has(code))
    .toSorted();
}

it('has words for every reason that the watchdog and the button give for a stop', () => {
  const reasons = [...sourcesOf('src-main/modules/killswitch/{watchdog,button}/*.ts').values()]
    .flatMap((text) => [...text.matchAll(/reason: '([a-z-]+)'/g)].map((match) => match[1] ?? ''))
    // The button as such is the trigger, not a reason.
    .filter((reason) => reason !== 'button');
  expect(reasons).toContain('heartbeat');
  expect(reasons.filter((reason) => !english.has(`stop.reasons.${reason}`))).toEqual([]);
});

describe('errorsDe', () => {
  it('finds the codes of the core', () => {
    expect(errorCodes()).toEqual(
      expect.arrayContaining(['language.unreachable', 'store.disk-full', 'synthesis.no-voice', 'model.disk-full']),
    );
  });

  it('has a German sentence for every code of the core that a window can see', () => {
    expect(reasonCodes()).toEqual(expect.arrayContaining(['command.destroys', 'policy.tainted', 'tools.timeout']));
    expect([...errorCodes(), ...reasonCodes()].filter((code) => !(code in errorsDe))).toEqual([]);
  });

  it('suits "du" and "Sie" alike', () => {
    for (const [code, sentence] of Object.entries(errorsDe))
      expect(sentence, code).not.toMatch(/\b(?:du|dich|dir|dein\w*|Sie haben|Ihre?)\b|!/);
  });
});
