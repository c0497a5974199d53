import type { KillLevel, PartStatus, SessionSnapshot } from '../../../src-preload/contract/index.ts';
import { assertNever } from '../../base/assert-never.ts';
import type { CallsNow } from './call-watch.ts';
import type { TrayState } from './shell.ts';

/** Parts without which a spoken question is not answered. */
const NEEDED: ReadonlySet<PartStatus['part']> = new Set(['recognition', 'language', 'synthesis', 'store']);

/** What the tray shows for the state of the machinery and of the window's session. */
export function trayState(
  parts: readonly PartStatus[],
  session: SessionSnapshot | undefined,
  killLevel: KillLevel = 0,
  calls?: CallsNow,
): TrayState {
  if (killLevel > 0) return 'stopped';
  if (calls && calls.ringing.length > 0) return 'ringing';
  if (calls && calls.running.length > 0) return 'in-call';
  if (parts.some(({ part, status }) => NEEDED.has(part) && (status === 'broken' || status === 'missing'))) return 'offline';
  if (session === undefined) return 'ready';
  if (session.muted) return 'muted';
  const { talk } = session;
  switch (talk.state) {
    case 'off':
      return talk.reason === 'not-started' || talk.reason === 'loading' ? 'ready' : 'offline';
    case 'ready':
    case 'listening':
    case 'thinking':
    case 'speaking':
      return talk.state;
    default:
      return assertNever(talk, 'talk state');
  }
}
