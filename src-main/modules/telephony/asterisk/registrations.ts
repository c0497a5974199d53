import type { Exchange } from '../telephony.ts';
import { trunkEndpoint } from './render-settings.ts';

export type Registration = 'registered' | 'unregistered' | 'rejected' | 'unreachable';

/**
 * Reads `pjsip show registrations` with `pjsip show contacts` behind it, whose columns are cut where they are narrow: the name of the trunk and the word behind it are
 * always whole. A dead provider stays Registered until its time has run out; whether it answers is told by its contact.
 */
export function readRegistrations(
  trunks: readonly { id: string; registers: boolean }[],
  words: string,
): Awaited<ReturnType<Exchange['registrations']>> {
  return new Map(trunks.map((trunk) => [trunk.id, stateOf(trunk, words)]));
}

function stateOf({ id, registers }: { id: string; registers: boolean }, words: string): Registration {
  const name = trunkEndpoint(id);
  const lines = words.split('\n').map((line) => line.trim());
  const contact = lines.find((line) => line.startsWith(`Contact:`) && line.includes(` ${name}/sip:`)) ?? '';
  const isUnreachable = /\bUnavail\b/.test(contact);
  if (!registers) return /\bAvail\b/.test(contact) ? 'registered' : isUnreachable ? 'unreachable' : 'unregistered';
  const line = lines.find((each) => each.startsWith(`${name}/`)) ?? '';
  const word = /\b(Registered|Unregistered|Rejected|Stopped)\b/.exec(line)?.[1];
  if (word === 'Rejected' || word === 'Stopped') return 'rejected';
  if (isUnreachable) return 'unreachable';
  return word === 'Registered' ? 'registered' : 'unregistered';
}
