import { germanReason } from '../tools-errors-de.ts';
import type { ToolResult } from '../tools.ts';
import type { SpokenLanguage } from './spoken-time.ts';

/** One wish of a sentence: the calls for it, and its part of the answer. */
export interface IntentPart {
  calls: readonly { name: string; input: unknown }[];
  /** From the results of exactly these calls. */
  answer(results: readonly ToolResult[]): string;
}

/** How the wishes can be met now. */
export interface IntentWays {
  /** Commands run in the sandbox: disk and folders are looked at from in there. */
  hasSandbox: boolean;
  /** Calendar time, ms. */
  nowMs: number;
}

/** A sentence pattern with what it leads to; undefined = it only looked like it. The question has no punctuation at its end and no politeness around it. */
export interface IntentPattern {
  language: SpokenLanguage;
  pattern: RegExp;
  build(groups: Readonly<Record<string, string | undefined>>, ways: IntentWays): IntentPart | undefined;
}

/** What is said when a call did not succeed: its own sentence, without the word in front that is for the model. */
export function notDone({ text, state, reason: data }: ToolResult, language: SpokenLanguage): string {
  const reason = text.replace(/^(?:Refused|Failed|Ended): /, '');
  if (state === 'background')
    return language === 'en'
      ? 'That takes a while; I will tell you when it is done.'
      : 'Das dauert etwas; ich sage Bescheid, wenn es fertig ist.';
  if (language === 'en') return state === 'refused' ? `I did not do that. ${reason}` : `That did not work. ${reason}`;
  const why = data && germanReason(data);
  return `${state === 'refused' ? 'Das habe ich nicht getan.' : 'Das hat nicht geklappt.'}${why === undefined ? '' : ` ${why}`}`;
}

/** "a, b and c" */
export function listed(names: readonly string[], language: SpokenLanguage): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${language === 'en' ? 'and' : 'und'} ${last}`;
}
