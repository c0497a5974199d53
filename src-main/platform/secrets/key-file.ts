import { chmod, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createFileAtomically, errorCode, writeFileAtomically } from '../../base/atomic-file.ts';

export const KEY_BYTES = 32;
const keyIdSchema = z.string().regex(/^[0-9a-f]{8}$/);

/** `material`: base64 of the 32-byte key itself (protection file), or of what the system's key store made of it. */
const keyFileSchema = z
  .object({
    version: z.literal(1),
    protection: z.enum(['system', 'file']),
    backend: z.string().optional(),
    activeKeyId: keyIdSchema,
    keys: z.array(z.object({ id: keyIdSchema, createdAtMs: z.number(), material: z.base64() })).min(1),
  })
  .refine((file) => file.keys.some((key) => key.id === file.activeKeyId), 'The active key is not among the keys')
  .refine((file) => file.protection === 'system' || file.keys.every(isWholeKey), 'A key is cut off');

function isWholeKey({ material }: { material: string }): boolean {
  return Buffer.from(material, 'base64').length === KEY_BYTES;
}

export type KeyFileContent = z.infer<typeof keyFileSchema>;

/**
 * `keys.json` and its copy `keys.copy.json`. Everything encrypted is lost with the keys, and they are a few hundred bytes: so they lie there twice.
 * Old keys stay in the file because backups made under them must remain readable.
 */
export interface KeyFile {
  read(): Promise<KeyFileReading>;
  /** False when a key file is there already: another process has just made one. */
  create(content: KeyFileContent): Promise<boolean>;
  write(content: KeyFileContent): Promise<void>;
}

export type KeyFileReading =
  | { state: 'absent' }
  /** `restored`: the file was missing or damaged and the copy took its place. */
  | { state: 'read'; content: KeyFileContent; restored: boolean; exposure: Exposure }
  /** There, but not to be read (permissions, a folder in its place): the copy is not asked, because it could be older. */
  | { state: 'unreadable'; file: string; cause: unknown }
  | { state: 'damaged'; file: string };

/** Whether other users of the machine can read the file: never, until now, or still (a disk without permissions, such as a USB stick). */
export type Exposure = 'none' | 'closed-now' | 'open';

export function createKeyFile(deps: { directory: string; wallMs: () => number }): KeyFile {
  const file = join(deps.directory, 'keys.json');
  const copy = join(deps.directory, 'keys.copy.json');

  const write = async (content: KeyFileContent): Promise<void> => {
    const text = serialize(content);
    await writeFileAtomically(file, text);
    await writeFileAtomically(copy, text);
  };

  const putBack = async (text: string, isDamaged: boolean): Promise<void> => {
    if (isDamaged) await rename(file, join(deps.directory, `keys.damaged-${deps.wallMs()}.json`));
    await writeFileAtomically(file, text);
  };

  return {
    write,
    async create(content) {
      const created = await createFileAtomically(file, serialize(content));
      if (created) await writeFileAtomically(copy, serialize(content));
      return created;
    },
    async read() {
      const first = await parse(file);
      const second = await parse(copy);
      const exposures = [await closeToOthers(file), await closeToOthers(copy)];
      const exposure = exposures.find((found) => found === 'open') ?? exposures.find((found) => found !== 'none') ?? 'none';
      if (first.state === 'read') {
        // After a crash between the two writes the copy is the old one, perhaps with keys in the open. On a read-only disk it has to stay.
        if (second.state !== 'read' || second.text !== first.text) await writeFileAtomically(copy, first.text).catch(() => undefined);
        return { state: 'read', content: first.content, restored: false, exposure };
      }
      if (first.state === 'unreadable') return { state: 'unreadable', file, cause: first.cause };
      if (second.state === 'read') {
        await putBack(second.text, first.state === 'damaged').catch(() => undefined);
        return { state: 'read', content: second.content, restored: true, exposure };
      }
      if (first.state === 'absent' && second.state === 'absent') return { state: 'absent' };
      return { state: 'damaged', file };
    },
  };
}

function serialize(content: KeyFileContent): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

type Parsed =
  | { state: 'absent' }
  | { state: 'damaged' }
  | { state: 'unreadable'; cause: unknown }
  | { state: 'read'; text: string; content: KeyFileContent };

async function parse(file: string): Promise<Parsed> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { state: 'absent' } : { state: 'unreadable', cause: error };
  }
  try {
    return { state: 'read', text, content: keyFileSchema.parse(JSON.parse(text)) };
  } catch {
    return { state: 'damaged' };
  }
}

/** Takes away what others may do with the file. Windows keeps files in the profile to their owner by itself. */
async function closeToOthers(file: string): Promise<Exposure> {
  if (process.platform === 'win32' || !(await isOpenToOthers(file))) return 'none';
  await chmod(file, 0o600).catch(() => undefined);
  return (await isOpenToOthers(file)) ? 'open' : 'closed-now';
}

async function isOpenToOthers(file: string): Promise<boolean> {
  return stat(file).then(
    ({ mode }) => (mode & 0o077) !== 0,
    () => false,
  );
}
