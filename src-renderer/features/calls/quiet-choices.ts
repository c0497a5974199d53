export const QUIET_CHOICES = ['hour', 'fourHours', 'tomorrow', 'week'] as const;
export type QuietChoice = (typeof QUIET_CHOICES)[number];

const HOUR_MS = 3_600_000;
/** When the night is over for most. */
const MORNING_HOUR = 8;

/** Until when no call rings, by the clock of this computer. */
export function quietUntilMs(choice: QuietChoice, now: Date): number {
  switch (choice) {
    case 'hour':
      return now.getTime() + HOUR_MS;
    case 'fourHours':
      return now.getTime() + 4 * HOUR_MS;
    case 'tomorrow':
      return morningAfter(now, 1);
    case 'week':
      return morningAfter(now, 7);
  }
}

/** By days of the calendar: two of them a year have not 24 hours. */
function morningAfter(now: Date, days: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING_HOUR).getTime();
}
