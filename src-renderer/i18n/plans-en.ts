/** What a call does, in one line, by the code of its plan. The core has the same codes in modules/tools/plan-words.ts. */
export const plansEn = {
  'run-command': 'Run {{command}}',
  'read-file': 'Read {{file}}',
  'write-file': 'Write {{file}} ({{sizeBytes}})',
  'replace-file': 'Replace {{file}} ({{sizeBytes}})',
  'append-file': 'Add to {{file}} ({{sizeBytes}})',
  'list-folder': 'List {{folder}}',
  'list-workspace': 'List the workspace',
  'search-folder': 'Search for “{{words}}” in {{folder}}',
  'search-workspace': 'Search for “{{words}}” in the workspace',
  'load-page': 'Load {{address}}',
  'read-clipboard': 'Read the clipboard',
  'write-clipboard': 'Copy “{{text}}”',
  'open-link': 'Open {{address}}',
  notify: 'Notify: {{title}}',
  'set-timer': 'Timer: {{durationMs}}',
  'set-named-timer': 'Timer: {{durationMs}} ({{name}})',
  'remind-in': 'Reminder: {{text}} (in {{durationMs}})',
  'remind-at': 'Reminder: {{text}} ({{time}})',
  'list-timers': 'List timers and reminders',
  'cancel-timer': 'Cancel a timer',
  'cancel-named-timer': 'Cancel a timer: {{text}}',
  calculate: 'Calculate {{expression}}',
  'look-at-clock': 'Look at the clock',
  'look-up-place': 'Look up the place that was set',
  'look-at-disk': 'Look at the free disk space',
  'read-page': 'Read the shared page',
  'search-tools': 'Search for tools: {{words}}',
  'use-tool': 'Use “{{tool}}” of {{server}}',
} as const;

/** Details of plans that are words, not names. */
export const planTextsEn = {
  'read-only': 'Reads the folder, changes nothing',
  'read-write': 'May change files in the folder',
  none: 'None',
  workspace: 'The workspace',
} as const;
