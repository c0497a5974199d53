import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { KillState } from '../../../../src-preload/contract/index.ts';
import { writeFileAtomically } from '../../../base/atomic-file.ts';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { NoticeBoard } from '../../../platform/notices/index.ts';

/** One trigger at one level, measured. */
export interface DrillMeasurement {
  trigger: string;
  level: number;
  /** How the core fared: in order, frozen, or killed in the middle of the stop. */
  core: 'alive' | 'frozen' | 'killed';
  /** Trigger → last effect, ms. */
  latencyMs: number;
  /** Effects of what was stopped, later than the limit. */
  effectsAfterStop: number;
  /** Engaged after a restart; undefined = not looked at. */
  stays?: boolean;
  /** Why a core that should have lived has ended: how, and what its watchdog wrote down. A drill with one has failed. */
  died?: string;
}

export interface DrillReport {
  atMs: number;
  passed: boolean;
  p95Ms: number;
  measurements: DrillMeasurement[];
}

const reportSchema = z.object({ atMs: z.number(), passed: z.boolean(), p95Ms: z.number() });
const folderOf = (dataDirectory: string): string => join(dataDirectory, 'drills');

/** In the owner's own data folder, although the drill ran elsewhere. Resolves with the path. */
export async function writeDrill(dataDirectory: string, report: DrillReport): Promise<string> {
  const folder = folderOf(dataDirectory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${new Date(report.atMs).toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
  await writeFileAtomically(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

/** The latest that can be read; null = there was none. */
export function readLastDrill(dataDirectory: string): KillState['lastDrill'] {
  const folder = folderOf(dataDirectory);
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return null;
  }
  for (const name of names.toSorted().toReversed()) {
    try {
      const { atMs, passed, p95Ms } = reportSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      return { atMs, passed, p95Ms };
    } catch {
      // Half of a file that somebody copied; an older one may be whole.
    }
  }
  return null;
}

const DUE_AFTER_MS = 31 * 24 * 3_600_000;
const LOOK_EVERY_MS = 6 * 3_600_000;

/**
 * Shows the last drill in the state of the kill switch, and reminds the owner when it is older than a month. `sinceMs`: since when the app has been used
 * here; a fresh installation is not told that it has missed something.
 */
export function createDrillNotice(deps: {
  dataDirectory: string;
  note: (facts: { lastDrill: KillState['lastDrill'] }) => void;
  notices: Pick<NoticeBoard, 'raise' | 'dismissCode'>;
  clock: Clock;
  sinceMs: number;
}): Disposable {
  let timer: Timer | undefined;
  const look = (): void => {
    const lastDrill = readLastDrill(deps.dataDirectory);
    deps.note({ lastDrill });
    const days = Math.floor((deps.clock.wallMs() - (lastDrill?.atMs ?? deps.sinceMs)) / (24 * 3_600_000));
    if (deps.clock.wallMs() - (lastDrill?.atMs ?? deps.sinceMs) > DUE_AFTER_MS) {
      const message = `The off-switch was last tried ${days} days ago. Run "npm run drill" in a terminal; it takes a minute.`;
      deps.notices.raise({ level: 'info', code: 'killswitch.drill-due', message, details: { days }, action: 'none' });
    } else deps.notices.dismissCode('killswitch.drill-due');
    timer = deps.clock.after(LOOK_EVERY_MS, look);
  };
  look();
  return { dispose: () => timer?.cancel() };
}
