import { AppError } from '../../base/errors.ts';
import { errorCode } from '../../base/atomic-file.ts';

/**
 * What SQLite and the keyring throw, as the store's own errors: `store.disk-full`, `store.damaged`, `store.not-writable`, `store.busy`,
 * `store.io-error`, `store.tampered`, `store.key-missing`. Anything else is a mistake of ours and goes on as it is.
 */
export function toStoreError(error: unknown): unknown {
  if (error instanceof AppError) return fromKeyring(error);
  const code = errorCode(error) ?? '';
  const found = Object.entries(meanings).find(([prefix]) => code.startsWith(prefix));
  if (!found) return error;
  const [, { code: meaning, message }] = found;
  return new AppError(meaning, message, { cause: error });
}

/** True when the file itself is broken, not the circumstances. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(errorCode(error) ?? '') || (error instanceof AppError && error.code === 'store.damaged');
}

const diskFull = {
  code: 'store.disk-full',
  message: 'The disk is full: the last message could not be saved. Free some space; it is tried again.',
};
const notWritable = {
  code: 'store.not-writable',
  message: 'The data folder cannot be written, so the history is not saved. Give your user account the right to write there.',
};
const damaged = {
  code: 'store.damaged',
  message: 'The history is damaged on disk. Restart the app: it sets the damaged file aside and offers the last backup.',
};

const meanings: Record<string, { code: string; message: string }> = {
  SQLITE_FULL: diskFull,
  ENOSPC: diskFull,
  SQLITE_CORRUPT: damaged,
  SQLITE_NOTADB: damaged,
  SQLITE_READONLY: notWritable,
  SQLITE_CANTOPEN: notWritable,
  SQLITE_PERM: notWritable,
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  SQLITE_BUSY: { code: 'store.busy', message: 'Another program holds the history. Close other copies of the app and try again.' },
  SQLITE_IOERR: {
    code: 'store.io-error',
    message: 'The disk did not take or give the data. Check the disk and its free space, then try again.',
  },
};

function fromKeyring(error: AppError): AppError {
  if (error.code === 'secrets.tampered') {
    const row = String(error.details['context'] ?? '');
    return new AppError('store.tampered', `A stored text was changed from outside and was not opened: ${row}. Restore a backup.`, {
      cause: error,
      details: { row },
    });
  }
  if (error.code === 'secrets.key-missing')
    return new AppError('store.key-missing', error.message, { cause: error, details: { ...error.details } });
  return error;
}

/** Neither the backup nor what was there before could be opened; both are whole on the disk. */
export function notReopened(cause: unknown): AppError {
  return new AppError(
    'store.not-reopened',
    'The backup could not be put in place, and the history before it could not be opened again. Nothing was lost: check the disk and restart the app.',
    { cause },
  );
}

/** The copy that was made to be put in place is not there any more. */
export function draftGone(): AppError {
  return new AppError(
    'store.draft-gone',
    'The copy of the backup was taken away before it could be used. Nothing was changed; restore the backup again.',
  );
}

export function conversationGone(id: string): AppError {
  return new AppError('store.no-conversation', 'This conversation no longer exists. Choose another one or start a new one.', {
    details: { conversationId: id },
  });
}

export function messageGone(id: string): AppError {
  return new AppError('store.no-message', 'This message no longer exists.', { details: { messageId: id } });
}

export function newerSchema(details: { found: number; known: number; backup: string }): AppError {
  const way = details.backup === '' ? '' : `, or restore the backup ${details.backup} from before the update`;
  return new AppError(
    'store.newer-schema',
    `The history was written by a newer version of the app (format ${details.found}, this one knows ${details.known}). Install the newer version again${way}. Nothing was changed.`,
    { details },
  );
}

export function keyMissing(keyId: string): AppError {
  return new AppError(
    'store.key-missing',
    `The history was encrypted with a key (${keyId}) that is not in keys.json. Put back the keys.json that belongs to it; nothing was changed.`,
    { details: { keyId } },
  );
}

/** `backup`: file name of the newest good backup, '' when there is none. */
export function setAside(reason: 'damaged' | 'missing', file: string, backup: string): AppError {
  const what =
    reason === 'damaged'
      ? `The history was damaged and is kept as ${file}.`
      : `The history file ${file} was gone although there are backups of it.`;
  const next =
    backup === '' ? 'A new one was started; there is no backup yet.' : 'A new one was started. Restore the last backup to have yours back.';
  return new AppError(`store.${reason}`, `${what} ${next}`, { details: { file, backup } });
}
