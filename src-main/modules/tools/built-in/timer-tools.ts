import { z } from 'zod';
import type { Clock } from '../../../base/clock.ts';
import type { StoredTimer } from '../../../platform/store/index.ts';
import { defineTool } from '../define-tool.ts';
import { planWords } from '../plan-words.ts';
import { inWords } from '../intents/spoken-time.ts';
import { oneLine } from '../tool-text.ts';
import { toolError } from '../tools-errors.ts';
import type { Timers } from '../timers.ts';
import type { Tool, ToolPlan } from '../tools.ts';
import { plainPlan } from './plain-plan.ts';

const seconds = z
  .number()
  .min(1)
  .max(366 * 86_400)
  .describe('Seconds from now');

/** To its end: the line of the plan is cut. */
const contentOf = (text: string): ToolPlan['details'] => (text === '' ? [] : [{ name: 'content', text }]);

export function createTimerTools({ timers, clock }: { timers: Timers; clock: Pick<Clock, 'wallMs'> }): Tool[] {
  const common = { risk: 'none', cost: 2, timeoutMs: 5_000, stopsOnBargeIn: false } as const;
  const undoOf =
    ({ id }: StoredTimer) =>
    async (): Promise<void> =>
      void timers.cancel({ id });

  return [
    defineTool({
      ...common,
      name: 'set_timer',
      title: 'Set a timer',
      description: 'Sets a timer that the assistant announces when it is up.',
      keywords: ['timer', 'alarm', 'countdown', 'wecker', 'stoppuhr', 'eieruhr'],
      isCommon: true,
      input: z.object({ seconds, name: z.string().trim().max(80).default('') }),
      rights: ['schedule'],
      plan: async (input) =>
        plainPlan(
          input.name === ''
            ? planWords('set-timer', { durationMs: input.seconds * 1_000 })
            : planWords('set-named-timer', { durationMs: input.seconds * 1_000, name: oneLine(input.name, 60) }),
          ['schedule'],
          { details: contentOf(input.name) },
        ),
      async run(input, { language, tainted }) {
        const timer = timers.add({ kind: 'timer', text: input.name, language, tainted, afterMs: input.seconds * 1_000 });
        return { text: `Set; it is up in ${inWords(input.seconds * 1_000, 'en')}.`, outside: false, undo: undoOf(timer) };
      },
    }),
    defineTool({
      ...common,
      name: 'set_reminder',
      title: 'Set a reminder',
      description: 'Reminds the owner of something: after some seconds, or at a local date and time (2026-03-01T17:30).',
      keywords: ['remind', 'reminder', 'erinnern', 'erinnerung', 'merken'],
      isCommon: true,
      input: z.object({
        text: z.string().trim().min(1).max(300),
        seconds: seconds.optional(),
        at: z
          .string()
          .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/)
          .optional(),
      }),
      rights: ['schedule'],
      plan: async (input) =>
        plainPlan(
          input.at === undefined
            ? planWords('remind-in', { text: oneLine(input.text, 120), durationMs: (input.seconds ?? 0) * 1_000 })
            : planWords('remind-at', { text: oneLine(input.text, 120), time: input.at.replace('T', ' ') }),
          ['schedule'],
          { details: contentOf(input.text) },
        ),
      async run(input, { language, tainted }) {
        const afterMs = input.at === undefined ? (input.seconds ?? 0) * 1_000 : new Date(input.at).getTime() - clock.wallMs();
        if (!(afterMs > 0)) throw toolError('tools.bad-time', { time: input.at ?? '' });
        const timer = timers.add({ kind: 'reminder', text: input.text, language, tainted, afterMs });
        return { text: `Set; it is told in ${inWords(afterMs, 'en')}.`, outside: false, undo: undoOf(timer) };
      },
    }),
    defineTool({
      ...common,
      name: 'list_timers',
      title: 'List timers and reminders',
      description: 'Lists the timers and reminders that are set, with the time left.',
      keywords: ['timer', 'reminder', 'left', 'erinnerungen', 'wie lange'],
      isCommon: false,
      input: z.object({}),
      rights: [],
      plan: async () => plainPlan(planWords('list-timers')),
      async run() {
        const all = timers.list();
        const lines = all.map(
          (timer) =>
            `${timer.kind}${timer.text === '' ? '' : ` "${timer.text}"`}: in ${inWords(timer.dueAtMs - clock.wallMs(), 'en')} [${timer.id}]`,
        );
        return { text: lines.length === 0 ? 'None is set.' : lines.join('\n'), outside: all.some(({ tainted }) => tainted === true) };
      },
    }),
    defineTool({
      ...common,
      name: 'cancel_timer',
      title: 'Cancel a timer or reminder',
      description: 'Cancels a timer or reminder by its id or words of its text; without either the next one.',
      keywords: ['delete', 'stop', 'timer', 'löschen', 'abbrechen', 'erinnerung'],
      isCommon: false,
      input: z.object({ id: z.string().max(80).optional(), text: z.string().trim().max(200).optional() }),
      rights: ['schedule'],
      plan: async (input) =>
        plainPlan(
          input.text === undefined ? planWords('cancel-timer') : planWords('cancel-named-timer', { text: oneLine(input.text, 80) }),
          ['schedule'],
          { details: contentOf(input.text ?? input.id ?? '') },
        ),
      async run(input) {
        const gone = timers.cancel(input);
        const leftMs = gone.dueAtMs - clock.wallMs();
        return {
          text: `Cancelled: ${gone.kind}${gone.text === '' ? '' : ` "${gone.text}"`}.`,
          outside: gone.tainted === true,
          undo: async () =>
            void timers.add({
              kind: gone.kind,
              text: gone.text,
              language: gone.language,
              ...(gone.tainted ? { tainted: true } : {}),
              afterMs: Math.max(1_000, leftMs),
            }),
        };
      },
    }),
  ];
}
