import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AuditVerdict } from '../src-preload/contract/index.ts';
import { systemClock } from './base/clock.ts';
import { toErrorData } from './base/errors.ts';
import { silentLog } from './base/log.ts';
import { sendControlCommand } from './modules/shell/index.ts';
import { readEnvironment } from './platform/config/index.ts';
import { verifyAudit } from './platform/observability/index.ts';
import { createKeyring } from './platform/secrets/index.ts';

/*
 * openclaw audit verify [--json]: is the record of decisions whole? Exit code 0 = intact, 1 = damaged or not to be checked. Writes nothing. The keys
 * may be guarded by the key store of the desktop, which only the app can ask: it is asked when it runs, and otherwise the files are read here.
 */

const { values } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });

/** Only an app with a window answers; a server's keys lie in a file, which is read here as well while it runs. */
async function askRunningApp(dataDirectory: string): Promise<AuditVerdict | undefined> {
  try {
    return (await sendControlCommand(dataDirectory, 'audit-verify')).audit;
  } catch (error) {
    if (toErrorData(error).code === 'control.not-running') return undefined;
    throw error;
  }
}

async function verifyHere(dataDirectory: string): Promise<AuditVerdict> {
  const files = { file: join(dataDirectory, 'audit.jsonl'), headFile: join(dataDirectory, 'audit-head.json') };
  // Without keys nothing was ever recorded here; opening the keyring would make some.
  if (!existsSync(join(dataDirectory, 'keys.json')) && !existsSync(join(dataDirectory, 'keys.copy.json'))) {
    const isEmpty = !existsSync(files.file) && !existsSync(files.headFile);
    return isEmpty ? { state: 'intact', count: 0, atLine: null } : { state: 'unverifiable', count: 0, atLine: 1 };
  }
  return verifyAudit({ ...files, keys: await createKeyring({ dataDirectory, clock: systemClock, log: silentLog }) });
}

function sentence({ state, count, atLine }: AuditVerdict): string {
  if (state === 'intact') return `The record of decisions is intact: ${count} lines.`;
  if (state === 'cut') return `Lines are missing at the end of the record of decisions, from line ${atLine} on (${count} lines are there).`;
  if (state === 'broken') return `The record of decisions was changed: line ${atLine} of ${count} does not follow from the one before.`;
  return `The record of decisions cannot be checked from line ${atLine} on: the key is not here. Put back the keys.json that belongs to this data folder.`;
}

try {
  const { dataDirectory } = readEnvironment();
  const verdict = (await askRunningApp(dataDirectory)) ?? (await verifyHere(dataDirectory));
  console.log(values.json ? JSON.stringify(verdict) : sentence(verdict));
  process.exit(verdict.state === 'intact' ? 0 : 1);
} catch (error) {
  const data = toErrorData(error);
  console.error(
    data.code === 'secrets.key-locked'
      ? `${data.message} Or start the app and run this again: then the app checks the record itself.`
      : data.message,
  );
  if (values.json) console.log(JSON.stringify({ error: data }));
  process.exit(1);
}
