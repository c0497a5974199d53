import { mkdir } from 'node:fs/promises';
import { readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Setting, SettingValue } from '../../../src-preload/contract/index.ts';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Config, SettingDefinition } from './config.ts';

/** Brings the values of version n to version n + 1: renames keys, converts units. Gets the raw values, also those this version has no setting for. */
export type ConfigUpgrade = (values: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** Values are checked one by one against their settings, so that one bad value does not cost the others. */
const fileSchema = z.looseObject({ version: z.number().int().positive(), values: z.record(z.string(), z.unknown()) });
type FileContent = z.infer<typeof fileSchema>;

/** Any setting, whatever its value. `schema` is only asked whether a value fits, so the narrower type does not matter. */
export type AnySetting = Omit<SettingDefinition<SettingValue>, 'schema'> & { schema: z.ZodType<SettingValue> };

export interface ConfigDependencies {
  /** Holds `config.json`. */
  dataDirectory: string;
  /** All modules' settings; a key that is declared twice is a mistake and throws. */
  definitions: readonly AnySetting[];
  /** The function at index n upgrades version n + 1. The version written is their number + 1. */
  upgrades?: readonly ConfigUpgrade[];
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}

/** Loads the settings at once (the file is small and everything after it needs them). Never throws for what is in the file. */
export function createConfig(deps: ConfigDependencies): Config {
  const { log, upgrades = [] } = deps;
  const file = join(deps.dataDirectory, 'config.json');
  const definitions = byKey(deps.definitions);
  const loaded = load({ file, upgrades, clock: deps.clock });
  /** As in the file: also keys of other versions, and values that did not fit, until they are set anew. */
  let raw = loaded.content;
  const bad = badKeys(raw.values, definitions);
  const problem = loaded.problem ?? (bad.length > 0 ? toErrorData(badValuesInFile(file, bad)) : undefined);
  if (problem) log.warn('Settings', { code: problem.code });
  const listeners = new Set<(setting: Setting) => void>();
  let queue: Promise<void> = Promise.resolve();

  const find = (key: string): AnySetting => {
    const definition = definitions.get(key);
    if (!definition) throw unknownKey(key);
    return definition;
  };
  const valueOf = (definition: AnySetting): SettingValue => {
    const parsed = definition.schema.safeParse(raw.values[definition.key]);
    return parsed.success ? parsed.data : definition.defaultValue;
  };
  const view = (definition: AnySetting): Setting => toSetting(definition, valueOf(definition));

  /** One change after the other, each on top of what the one before has written; in effect when it is on disk. */
  const change = (definition: AnySetting, edit: (values: FileContent['values']) => FileContent['values']): Promise<Setting> => {
    const run = queue.then(async () => {
      if (loaded.unreadable) throw loaded.unreadable;
      const next = { ...raw, values: edit(raw.values) };
      await write(file, next);
      raw = next;
      const setting = view(definition);
      for (const listener of listeners) tellOne(listener, setting, log);
      return setting;
    });
    queue = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  };

  return {
    get<Value extends SettingValue>(definition: SettingDefinition<Value>): Value {
      const parsed = definition.schema.safeParse(raw.values[find(definition.key).key]);
      return parsed.success ? parsed.data : definition.defaultValue;
    },
    async set(key, value) {
      const definition = find(key);
      const parsed = definition.schema.safeParse(value);
      if (!parsed.success) throw badValue(definition);
      return change(definition, (values) => ({ ...values, [key]: parsed.data }));
    },
    async reset(key) {
      return change(find(key), ({ [key]: _removed, ...others }) => others);
    },
    list: () => [...definitions.values()].map(view),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    problem: () => problem,
  };
}

function byKey(settings: readonly AnySetting[]): Map<string, AnySetting> {
  const definitions = new Map<string, AnySetting>();
  for (const setting of settings) {
    if (definitions.has(setting.key)) throw new Error(`Setting ${setting.key} is declared twice`);
    if (!setting.schema.safeParse(setting.defaultValue).success)
      throw new Error(`The default of setting ${setting.key} does not fit its schema`);
    definitions.set(setting.key, setting);
  }
  return definitions;
}

function tellOne(listener: (setting: Setting) => void, setting: Setting, log: Log): void {
  try {
    listener(setting);
  } catch (error) {
    log.error('A listener to settings failed', { key: setting.key, error });
  }
}

function badKeys(values: FileContent['values'], definitions: ReadonlyMap<string, AnySetting>): string[] {
  return Object.keys(values).filter((key) => definitions.get(key)?.schema.safeParse(values[key]).success === false);
}

interface Loaded {
  content: FileContent;
  problem: ErrorData | undefined;
  /** The file is there but can neither be read nor moved away: it must not be written over. */
  unreadable?: AppError;
}

function load({ file, upgrades, clock }: { file: string; upgrades: readonly ConfigUpgrade[]; clock: Pick<Clock, 'wallMs'> }): Loaded {
  const version = upgrades.length + 1;
  const empty: FileContent = { version, values: {} };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { content: empty, problem: undefined };
    return untouched(empty, unreadable(file, error));
  }
  const found = parse(text);
  if (!found) return startAnew(file, empty, clock.wallMs());
  // Of a newer version everything that this one understands is used and the rest is kept, its version number too.
  if (found.version > version) return { content: found, problem: toErrorData(newerVersion(file, found.version)) };
  try {
    const values = upgrades.slice(found.version - 1).reduce<Record<string, unknown>>((old, upgrade) => upgrade(old), found.values);
    return { content: { ...found, version, values }, problem: undefined };
  } catch {
    return startAnew(file, empty, clock.wallMs());
  }
}

function untouched(content: FileContent, error: AppError): Loaded {
  return { content, problem: toErrorData(error), unreadable: error };
}

function parse(text: string): FileContent | undefined {
  try {
    // Editors on Windows like to put a byte order mark in front.
    return fileSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

/** Keeps the damaged file under another name. */
function startAnew(file: string, content: FileContent, nowMs: number): Loaded {
  const aside = file.replace(/(\.json)?$/, `.damaged-${nowMs}.json`);
  try {
    renameSync(file, aside);
  } catch (error) {
    return untouched(content, unreadable(file, error));
  }
  const problem = new AppError(
    'config.damaged',
    `The settings file was damaged and is kept as ${aside}. All settings are back to their defaults.`,
    { details: { file: aside } },
  );
  return { content, problem: toErrorData(problem) };
}

async function write(file: string, content: FileContent): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomically(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw new AppError(
      'config.not-written',
      `The setting could not be saved in ${file}. Free some space on the disk, or make the folder writable.`,
      {
        cause: error,
        details: { file },
      },
    );
  }
}

function toSetting(definition: AnySetting, value: SettingValue): Setting {
  const { key, subject, kind, level, defaultValue, unit, min, max, step, choices } = definition;
  return {
    key,
    subject,
    kind,
    level,
    value,
    defaultValue,
    ...(unit === undefined ? {} : { unit }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(step === undefined ? {} : { step }),
    ...(choices === undefined ? {} : { choices: [...choices] }),
  };
}

function unknownKey(key: string): AppError {
  return new AppError('config.unknown-key', `There is no setting "${key.slice(0, 80)}". Look it up in the settings.`, {
    details: { key: key.slice(0, 80) },
  });
}

function badValue(definition: AnySetting): AppError {
  const allowed = allowedValues(definition);
  return new AppError('config.bad-value', `The setting ${definition.key} must be ${allowed}.`, {
    details: { key: definition.key, allowed },
  });
}

function allowedValues({ defaultValue, min, max, unit, choices }: AnySetting): string {
  const suffix = unit === undefined ? '' : ` ${unit}`;
  if (choices && choices.length > 0 && typeof defaultValue === 'string') return `one of ${choices.join(', ')}`;
  if (typeof defaultValue === 'boolean') return 'on or off';
  if (typeof defaultValue === 'string') return 'a text of the allowed length and form';
  if (min !== undefined && max !== undefined) return `a number from ${min} to ${max}${suffix}`;
  if (min !== undefined) return `a number of at least ${min}${suffix}`;
  if (max !== undefined) return `a number of at most ${max}${suffix}`;
  return `a number${suffix}`;
}

function badValuesInFile(file: string, keys: readonly string[]): AppError {
  return new AppError(
    'config.bad-values',
    `Some settings in ${file} cannot be used, their defaults are in effect: ${keys.join(', ')}. Set them anew.`,
    {
      details: { file, keys: keys.join(', ') },
    },
  );
}

function newerVersion(file: string, version: number): AppError {
  return new AppError(
    'config.newer-version',
    `The settings in ${file} were written by a newer version of the app (${version}). What this version understands is used; the rest is kept.`,
    { details: { file, version } },
  );
}

function unreadable(file: string, cause: unknown): AppError {
  return new AppError(
    'config.unreadable',
    `The settings file ${file} cannot be read; defaults are in effect. Allow your user account to read it.`,
    {
      cause,
      details: { file },
    },
  );
}
