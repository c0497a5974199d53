import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallRecord, PhoneCall, PhoneCheck } from '../../../../src-preload/contract/index.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Caller, HandlersFor } from '../../../platform/contract-host/index.ts';
import type { AuditLog } from '../../../platform/observability/index.ts';
import { phoneStatistics, statisticsFromMs } from '../../analytics/index.ts';
import { phoneError } from '../telephony-errors.ts';
import type { CallRecorder } from './call-recorder.ts';
import { exportCalls, type CallExportOptions } from './export-calls.ts';
import type { RecordingLinks } from './recording-links.ts';
import type { Recordings } from './recordings.ts';
import type { Removals } from './removals.ts';

type Calls =
  | 'phone.log'
  | 'phone.record.get'
  | 'phone.record.remove'
  | 'phone.record.keep'
  | 'phone.record.sound'
  | 'phone.record.export'
  | 'phone.statistics'
  | 'phone.dialplan'
  | 'phone.doctor';

export interface RecordsHandlersDependencies {
  /** Shows and takes out. */
  removals: Pick<Removals, 'remove' | 'keep' | 'records'>;
  /** Whether this conversation can still be opened. */
  hasConversation: (id: string) => boolean;
  recorder: Pick<CallRecorder, 'isLive'>;
  recordings: Pick<Recordings, 'open'>;
  links: Pick<RecordingLinks, 'issue' | 'revoke'>;
  audit: Pick<AuditLog, 'record'>;
  clock: Pick<Clock, 'wallMs'>;
  exportOptions: () => CallExportOptions;
  /** What an Asterisk of one's own must say. */
  dialplan: () => Promise<string> | string;
  doctor: () => Promise<PhoneCheck[]>;
}

/** The contract's side of the call log. Programs with the owner's token may read the log and ask the doctor, no more: what was said is for a person. */
export function createRecordsHandlers(deps: RecordsHandlersDependencies): HandlersFor<Calls> {
  const { removals, recorder, recordings, links, audit, clock } = deps;
  const { records } = removals;
  /** A conversation that was deleted is no way on; when it is put back it is one again. */
  const linked = <Entry extends { call: PhoneCall }>(entry: Entry): Entry => {
    const { conversationId } = entry.call;
    return conversationId === null || deps.hasConversation(conversationId)
      ? entry
      : { ...entry, call: { ...entry.call, conversationId: null } };
  };
  return {
    'phone.log': async (filter) => (await records.list(filter)).map(linked),
    'phone.record.get': ({ callId }, caller) => {
      mustBePerson(caller);
      const record = records.getCall(callId);
      return record ? linked(record) : null;
    },
    'phone.record.remove': async ({ callId }, caller) => {
      mustBePerson(caller);
      if (recorder.isLive(callId)) throw phoneError('phone.not-now', { state: 'not over' });
      links.revoke(callId);
      removals.remove(callId);
      await audit.record({ action: 'call.delete', subject: callId });
    },
    'phone.record.keep': async ({ callId }, caller) => {
      mustBePerson(caller);
      removals.keep(callId);
      await audit.record({ action: 'call.keep', subject: callId });
    },
    'phone.record.sound': async ({ callId }, caller) => {
      mustBePerson(caller);
      const sealed = records.has(callId) ? await recordings.open(callId) : undefined;
      if (sealed === undefined) return null;
      await sealed.close();
      return { url: links.issue(callId) };
    },
    'phone.record.export': async ({ callIds, filter, format }, caller) => {
      mustBePerson(caller);
      const ids = callIds ?? (await records.list({ ...filter, limit: Number.POSITIVE_INFINITY })).map(({ call }) => call.id);
      let callCount = 0;
      const found = async function* (): AsyncGenerator<CallRecord> {
        for (const id of ids) {
          const record = records.getCall(id);
          if (record) {
            callCount += 1;
            yield record;
          }
          // Long transcripts: other work gets its turn.
          await nextTurn();
        }
      };
      const file = await exportCalls(found(), format, clock.wallMs(), deps.exportOptions());
      await audit.record({ action: 'call.export', subject: 'calls', details: { format, callCount } });
      return file;
    },
    'phone.statistics': async ({ days }, caller) => {
      mustBePerson(caller);
      const options = { days, nowMs: clock.wallMs(), ...zoneOf(deps.exportOptions()) };
      return phoneStatistics(await records.entriesSince(statisticsFromMs(options)), options);
    },
    'phone.dialplan': async (_input, caller) => {
      mustBePerson(caller);
      return { text: await deps.dialplan() };
    },
    'phone.doctor': () => deps.doctor(),
  };
}

function mustBePerson({ isProgram }: Caller): void {
  if (isProgram) throw phoneError('phone.not-allowed');
}

function zoneOf({ timeZone }: CallExportOptions): { timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}
