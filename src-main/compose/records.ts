import type { Clock, Timer } from '../base/clock.ts';
import type { Disposable } from '../base/dispose.ts';
import type { Log } from '../base/log.ts';
import type { NoticeBoard } from '../platform/notices/index.ts';
import type { AuditLog } from '../platform/observability/index.ts';

/** Not among the first things of a start, which the owner waits for. */
const LOOK_AFTER_MS = 20_000;

/** Looks once, a while after the start, whether the record of decisions is whole, and tells the owner when it is not. Nothing is mended. */
export function watchRecords(deps: {
  audit: Pick<AuditLog, 'verify'>;
  notices: Pick<NoticeBoard, 'raise'>;
  clock: Clock;
  log: Log;
}): Disposable {
  const look = async (): Promise<void> => {
    const { state, atLine } = await deps.audit.verify();
    if (state === 'intact') return;
    deps.log.error('audit.not-intact', { state, atLine });
    deps.notices.raise({
      level: 'problem',
      code: `audit.${state}`,
      message: RECORD_SENTENCES[state],
      details: { line: atLine ?? 0 },
      action: 'none',
      part: 'store',
    });
  };
  const timer: Timer = deps.clock.after(LOOK_AFTER_MS, () => {
    look().catch((error: unknown) => deps.log.warn('audit.not-verified', { error }));
  });
  return { dispose: () => timer.cancel() };
}

const RECORD_SENTENCES = {
  broken: 'The record of decisions was changed from outside. Look at the page "What it did", and keep a copy of audit.jsonl.',
  cut: 'The end of the record of decisions is missing. Look at the page "What it did", and keep a copy of audit.jsonl.',
  unverifiable: 'The record of decisions cannot be checked, because the key that sealed it is not here.',
} as const;
