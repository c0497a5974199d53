import { openConnection } from '../../src-main/platform/store/connection.ts';
import { migrate } from '../../src-main/platform/store/migrate.ts';
import { migrations } from '../../src-main/platform/store/migrations/index.ts';
import { createToolRecords } from '../../src-main/platform/store/tool-records.ts';

/** The real records on a real database in memory; only the keys are make-believe. */
export function createMemoryToolRecords(): ReturnType<typeof createToolRecords> {
  const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
  migrate(connection, migrations, () => undefined);
  return createToolRecords({ connection, keyring: openKeyring });
}

const openKeyring = {
  activeKeyId: () => '00000000',
  seal: (text: string, context: string): Buffer => Buffer.from(JSON.stringify([context, text])),
  open(sealed: Uint8Array, context: string): string {
    const [sealedFor, text] = JSON.parse(Buffer.from(sealed).toString()) as [string, string];
    if (sealedFor !== context) throw new Error(`sealed for ${sealedFor}, opened as ${context}`);
    return text;
  },
};
