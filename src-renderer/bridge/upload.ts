import type { ErrorData } from '../../src-preload/contract/index.ts';
import { UPLOADS_PATH } from '../../src-preload/contract/wire-paths.ts';
import { CallError } from './call-error.ts';

/**
 * Sends a file to the core and returns the id that calls name it by. It is kept there for an hour. Rejects with {@link CallError}: what the core says
 * against the file, or `upload.failed` when it could not be sent at all.
 */
export async function uploadFile(file: Blob): Promise<string> {
  let response: Response;
  try {
    response = await fetch(new URL(UPLOADS_PATH.slice(1), document.baseURI), {
      method: 'POST',
      body: file,
      headers: { 'content-type': file.type === '' ? 'application/octet-stream' : file.type },
    });
  } catch {
    throw new CallError(NOT_SENT);
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && isRecord(answer) && typeof answer['uploadId'] === 'string') return answer['uploadId'];
  throw new CallError(errorIn(answer) ?? NOT_SENT);
}

const NOT_SENT: ErrorData = {
  code: 'upload.failed',
  message: 'The file could not be handed over. Try again; if it stays so, choose a smaller file.',
  details: {},
};

/** The error in an answer, whether it stands alone or under `error`. */
function errorIn(answer: unknown): ErrorData | undefined {
  const data = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : answer;
  if (!isRecord(data) || typeof data['code'] !== 'string' || typeof data['message'] !== 'string') return undefined;
  const details = isRecord(data['details']) ? Object.entries(data['details']).filter(isPlainDetail) : [];
  return { code: data['code'], message: data['message'], details: Object.fromEntries(details) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPlainDetail(entry: [string, unknown]): entry is [string, string | number] {
  return typeof entry[1] === 'string' || typeof entry[1] === 'number';
}
