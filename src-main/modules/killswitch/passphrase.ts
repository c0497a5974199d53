import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { AppError } from '../../base/errors.ts';
import { passphraseUnreadable, wrongPassphrase } from './killswitch-errors.ts';

/** The owner's passphrase for lifting, as a scrypt hash in `lift.json`: beside the latch, because a restored history must not take it away. */
export interface Passphrase {
  isSet(): boolean;
  /** Rejects with `killswitch.wrong-passphrase`; with `killswitch.passphrase-unreadable` when what is stored cannot be read. */
  check(given: string | undefined): Promise<void>;
  /** An empty `next` takes it away. Rejects like `check` for a wrong `current`. */
  change(current: string, next: string): Promise<void>;
}

/** 64 MiB and about a tenth of a second for each try (RFC 7914, OWASP's figures of 2025). */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 } as const;
const HASH_BYTES = 32;

export function createPassphrase(dataDirectory: string): Passphrase {
  const file = join(dataDirectory, 'lift.json');
  let checking: Promise<void> = Promise.resolve();

  const check = async (given: string | undefined): Promise<void> => {
    if (!existsSync(file)) return;
    const { salt, hash } = read(file);
    const found = await derive(given ?? '', salt);
    if (!timingSafeEqual(found, hash)) throw wrongPassphrase();
  };
  // One at a time: many tries at once would only cost memory.
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = checking.then(work);
    checking = mine.catch(() => undefined);
    return mine;
  };

  return {
    isSet: () => existsSync(file),
    check: (given) => inTurn(() => check(given)),
    change: (current, next) =>
      inTurn(async () => {
        await check(current);
        const wanted = normalise(next);
        if (wanted === '') {
          rmSync(file, { force: true });
          return;
        }
        const salt = randomBytes(16);
        const hash = await derive(wanted, salt);
        try {
          await writeFileAtomically(file, JSON.stringify({ version: 1, salt: salt.toString('base64'), hash: hash.toString('base64') }));
        } catch (cause) {
          throw new AppError(
            'killswitch.passphrase-not-written',
            'The passphrase could not be written; the former one still holds. Check that the data folder has room.',
            { cause },
          );
        }
      }),
  };
}

function read(file: string): { salt: Buffer; hash: Buffer } {
  try {
    const { version, salt, hash } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<string, unknown>>;
    if (version !== 1 || typeof salt !== 'string' || typeof hash !== 'string') throw new Error('not a passphrase file');
    const stored = { salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
    if (stored.salt.length < 16 || stored.hash.length !== HASH_BYTES) throw new Error('not a passphrase file');
    return stored;
  } catch (cause) {
    throw passphraseUnreadable(file, cause);
  }
}

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(normalise(passphrase), salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** The same letters typed on different systems. Spaces within count, those at the ends do not. */
const normalise = (text: string): string => text.normalize('NFKC').trim();
