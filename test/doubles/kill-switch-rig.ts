import { onTestFinished } from 'vitest';
import type { KillState } from '../../src-preload/contract/index.ts';
import { createKillSwitch, type KillSwitchDeps, type KillSwitchService } from '../../src-main/modules/killswitch/index.ts';
import type { AuditEvent } from '../../src-main/platform/observability/index.ts';
import { openConnection, type Connection } from '../../src-main/platform/store/connection.ts';
import type { LatchRecords } from '../../src-main/platform/store/index.ts';
import { createLatchRecords } from '../../src-main/platform/store/latch-records.ts';
import { migrate } from '../../src-main/platform/store/migrate.ts';
import { migrations } from '../../src-main/platform/store/migrations/index.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A data folder with a real database, and one kill switch after the other in it. */
export interface KillSwitchRig {
  folder: string;
  clock: VirtualClock;
  log: RecordingLog;
  connection: Connection;
  records: LatchRecords;
  audit: AuditEvent[];
  told: KillState[];
  /** Makes audit lines fail from now on. */
  breakAudit(): void;
  /** A start of the app in this folder. */
  start(more?: Partial<KillSwitchDeps>): KillSwitchService;
}

export async function createKillSwitchRig(): Promise<KillSwitchRig> {
  const folder = await temporaryFolder();
  const clock = createVirtualClock();
  const log = createRecordingLog();
  const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
  onTestFinished(() => void connection.close());
  migrate(connection, migrations, () => undefined);
  const records = createLatchRecords(connection);
  const audit: AuditEvent[] = [];
  const told: KillState[] = [];
  let auditIsBroken = false;
  const record = async (event: AuditEvent): Promise<void> => {
    if (auditIsBroken) throw new Error('audit disk full');
    audit.push(event);
  };
  return {
    folder,
    clock,
    log,
    connection,
    records,
    audit,
    told,
    breakAudit: () => void (auditIsBroken = true),
    start(more = {}) {
      const killSwitch = createKillSwitch({
        dataDirectory: folder,
        records,
        audit: { record: (event) => record(event).catch(() => undefined) },
        recordForSure: record,
        tell: (state) => void told.push(state),
        clock,
        log,
        ...more,
      });
      onTestFinished(() => void killSwitch.dispose());
      return killSwitch;
    },
  };
}
