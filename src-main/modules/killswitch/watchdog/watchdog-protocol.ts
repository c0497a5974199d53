import type { KillLevel, KillTrigger } from '../../../../src-preload/contract/index.ts';
import type { Facts, IdentifiedThing } from '../watch-list.ts';
import type { DockerTarget } from './docker-kill.ts';
import type { Limits } from './judge.ts';

/* One JSON object a line: the app writes on the watchdog's standard input, the watchdog answers on its standard output. Both are our own code of one version. */

export interface ProcessIdentity {
  pid: number;
  startId: string | undefined;
}

export interface Hello {
  type: 'hello';
  dataDirectory: string;
  main: ProcessIdentity;
  limits: Limits;
  docker: DockerTarget | null;
}

/** Every 250 ms, and at once when anything in it but the facts has changed. */
export interface Beat {
  type: 'beat';
  level: KillLevel;
  trigger: KillTrigger | null;
  reason: string;
  /** The stoppers of that level are still at work. */
  stopping: boolean;
  facts: Facts;
  things: IdentifiedThing[];
  workers: ProcessIdentity[];
  /** The engine may be found, or come, long after the start. Absent = as before. */
  docker?: DockerTarget | null;
}

export type ToWatchdog = Hello | Beat | { type: 'limits'; limits: Limits } | { type: 'goodbye' };

export type FromWatchdog =
  | { type: 'ready'; pid: number }
  /** Every second: it lives. */
  | { type: 'alive' }
  /** The latch on disk stops more than the app does. */
  | { type: 'latch'; level: KillLevel; trigger: KillTrigger; reason: string }
  /** A limit was passed. */
  | { type: 'trip'; reason: string };
