import type { z } from 'zod';
import type { Setting, SettingValue } from '../../../src-preload/contract/index.ts';
import type { Unsubscribe } from '../../base/dispose.ts';

/** One setting, declared by the module that reads it (`<m>-config.ts`). Its words are in the renderer's catalogues at `settings.<key>`. */
export interface SettingDefinition<Value extends SettingValue> {
  /** `subject.name`, e.g. `talk.endOfTurn`. */
  key: string;
  subject: 'talk' | 'phone' | 'tools' | 'voice' | 'languageModel' | 'characters' | 'appearance' | 'privacy' | 'shortcuts' | 'advanced';
  kind: Setting['kind'];
  level: Setting['level'];
  defaultValue: Value;
  schema: z.ZodType<Value>;
  /** What it is, its unit and what a change does; for developers and the config file's reader. */
  description: string;
  unit?: string;
  min?: number;
  max?: number;
  step?: number;
  choices?: readonly string[];
}

/**
 * The owner's settings: `config.json` in the data directory, `{version, values: {key: value}}`. Written to a temporary file and renamed;
 * a damaged file is kept aside as `config.damaged-<time>.json`, defaults are used and `problem()` says so.
 */
export interface Config {
  get<Value extends SettingValue>(definition: SettingDefinition<Value>): Value;
  /** Rejects with `config.unknown-key` or `config.bad-value` (message names the key and what is allowed). Resolves when it is on disk. */
  set(key: string, value: SettingValue): Promise<Setting>;
  reset(key: string): Promise<Setting>;
  list(): Setting[];
  onChange(listener: (setting: Setting) => void): Unsubscribe;
  /** What went wrong at load, if anything; told once to the owner. */
  problem(): { code: string; message: string; details: Record<string, string | number> } | undefined;
}
