import type { CallLogEntry, PhoneCall, PhoneCheck, PhoneStatus } from '../../../src-preload/contract/index.ts';

/*
 * The telephone as lines of a terminal. Names and words come from callers: nothing in them may move the cursor or colour the screen.
 */

export function statusLines(status: PhoneStatus): string[] {
  const lines = [
    `Telephone: ${status.state}${status.version === '' ? '' : ` (Asterisk ${plain(status.version)}${status.source === 'existing' ? ', not ours' : ''})`}`,
  ];
  if (status.error) lines.push(`  ${plain(status.error.message)}`);
  lines.push(`Window as telephone: ${status.softphone ? 'registered' : 'not registered'}`);
  for (const trunk of status.trunks)
    lines.push(`Trunk ${plain(trunk.name)}: ${trunk.status}${trunk.error ? ` - ${plain(trunk.error.message)}` : ''}`);
  for (const mobile of status.mobiles)
    lines.push(`Phone ${mobile.extension} ${plain(mobile.name)}: ${mobile.registered ? 'registered' : 'not registered'}`);
  if (status.quietUntilMs !== null) lines.push(`Quiet until ${localTime(status.quietUntilMs)}`);
  return lines;
}

export function callLine(call: PhoneCall): string {
  const { state } = call;
  const what =
    state.state === 'talking'
      ? `talking (${state.by}${state.held ? ', on hold' : ''})`
      : state.state === 'ended'
        ? `ended: ${state.reason}`
        : state.state;
  return `${call.id}  ${call.direction === 'in' ? 'from' : 'to'} ${partyOf(call)}  ${what}`;
}

export function logLine({ call, answeredBy, durationMs, summary }: CallLogEntry): string {
  const length =
    answeredBy === null
      ? 'not answered'
      : `${answeredBy}, ${Math.floor(durationMs / 60_000)}:${String(Math.floor(durationMs / 1000) % 60).padStart(2, '0')}`;
  return `${localTime(call.startedAtMs)}  ${call.direction === 'in' ? 'from' : 'to'} ${partyOf(call)}  ${length}${summary === '' ? '' : `  ${plain(summary)}`}`;
}

export function checkLines(checks: readonly PhoneCheck[]): string[] {
  const marks = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' };
  return checks.map(({ name, status, message }) => `${marks[status]}  ${plain(name)}: ${plain(message)}`);
}

function partyOf({ party }: PhoneCall): string {
  return [plain(party.name), party.number].filter((part) => part !== '').join(' ') || 'withheld';
}

function localTime(atMs: number): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }).format(atMs);
}

function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}
