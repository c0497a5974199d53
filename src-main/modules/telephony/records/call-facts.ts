export type CallLanguage = 'en' | 'de';

/** What a call was about. `tasks`: to-dos of the owner's. */
export interface CallSummary {
  summary: string;
  tasks: readonly string[];
}

export const MAX_SUMMARY_CHARACTERS = 800;
const MAX_TASKS = 10;
const MAX_TASK_CHARACTERS = 200;

/** Each once, none too long, and without those that say there is none. */
export function tidied(tasks: readonly string[]): string[] {
  const named = tasks
    .map((task) => atMost(task.trim(), MAX_TASK_CHARACTERS))
    .filter((task) => !/^(?:none|no tasks?|nothing|keine?|nichts)\b\W*$/i.test(task));
  return [...new Set(named)].slice(0, MAX_TASKS);
}

export function atMost(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1).trimEnd()}…`;
}
