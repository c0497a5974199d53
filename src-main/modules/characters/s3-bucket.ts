import type { S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../../base/errors.ts';
import type { S3Place, S3StorageOptions } from './s3-storage.ts';

export interface BucketObject {
  /** Without the path that the settings put in front. */
  key: string;
  sizeBytes: number;
  /** The server's tag of the content. */
  stamp: string;
}

/** The five things that are asked of a bucket. Everything rejects with `character.storage-unreachable` or `character.storage-refused`, and with the reason of a stop. */
export interface Bucket {
  list(): Promise<BucketObject[]>;
  get(key: string): Promise<Uint8Array>;
  put(key: string, content: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
}

const CONNECT_MS = 4_000;
/** For one answer as a whole: a large 3D model over a slow line. */
const REQUEST_MS = 300_000;
/** Without a single byte either way. */
const SILENCE_MS = 10_000;

const sdk = () => import('@aws-sdk/client-s3');

/** Through Amazon's official client, which is loaded when a bucket is first used: it is larger than all other modules together. */
export function createBucket(
  place: S3Place,
  { secretAccessKey, shut, silenceMs = SILENCE_MS }: Pick<S3StorageOptions, 'secretAccessKey' | 'shut' | 'silenceMs'>,
): Bucket {
  const [name = '', ...path] = place.bucket.split('/').filter((part) => part !== '');
  const prefix = path.length === 0 ? '' : `${path.join('/')}/`;
  const where = place.endpoint === '' ? `Amazon S3 (${place.region})` : place.endpoint;
  let held: { secret: string; client: S3Client } | undefined;

  const client = async (): Promise<S3Client> => {
    const secret = secretAccessKey() ?? '';
    if (held?.secret !== secret) {
      const { S3Client: Client } = await sdk();
      held?.client.destroy();
      held = {
        secret,
        client: new Client({
          region: place.region,
          ...(place.endpoint === '' ? {} : { endpoint: place.endpoint, forcePathStyle: true }),
          credentials: { accessKeyId: place.accessKeyId, secretAccessKey: secret },
          maxAttempts: 2,
          requestHandler: {
            connectionTimeout: CONNECT_MS,
            requestTimeout: REQUEST_MS,
            socketTimeout: silenceMs,
            // Otherwise it is only a line in the log, and whoever waits waits on.
            throwOnRequestTimeout: true,
          },
          // Own servers know neither the checksums that Amazon asks for by default nor want them.
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }),
      };
    }
    return held.client;
  };
  /** `work` passes the gate in the tick of each request, after its waits. */
  const asking = async <Result>(work: (passing: () => { abortSignal: AbortSignal }) => Promise<Result>): Promise<Result> => {
    let passed: AbortSignal | undefined;
    try {
      return await work(() => {
        passed = shut();
        passed.throwIfAborted();
        return { abortSignal: passed };
      });
    } catch (error) {
      throw passed?.aborted === true ? passed.reason : storageError(error, where);
    }
  };

  return {
    list: () =>
      asking(async (passing) => {
        const { ListObjectsV2Command } = await sdk();
        const opened = await client();
        const found: BucketObject[] = [];
        let token: string | undefined;
        do {
          const page = await opened.send(new ListObjectsV2Command({ Bucket: name, Prefix: prefix, ContinuationToken: token }), passing());
          for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
            found.push({ key: Key.slice(prefix.length), sizeBytes: Size, stamp: ETag });
          }
          token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
        } while (token !== undefined);
        return found;
      }),
    get: (key) =>
      asking(async (passing) => {
        const { GetObjectCommand } = await sdk();
        const opened = await client();
        const { Body } = await opened.send(new GetObjectCommand({ Bucket: name, Key: prefix + key }), passing());
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      }),
    put: (key, content) =>
      asking(async (passing) => {
        const { PutObjectCommand } = await sdk();
        const opened = await client();
        await opened.send(new PutObjectCommand({ Bucket: name, Key: prefix + key, Body: content }), passing());
      }),
    remove: (key) =>
      asking(async (passing) => {
        const { DeleteObjectCommand } = await sdk();
        const opened = await client();
        await opened.send(new DeleteObjectCommand({ Bucket: name, Key: prefix + key }), passing());
      }),
  };
}

/** The server's words are not repeated: they may quote what was sent. */
function storageError(error: unknown, where: string): AppError {
  const status = statusOf(error);
  if (status === undefined || status >= 500) {
    return new AppError(
      'character.storage-unreachable',
      `The storage for characters at ${where} cannot be reached. Those on this machine can be used; nothing is lost. Check the address and the network.`,
      { cause: error, details: { where } },
    );
  }
  return new AppError(
    'character.storage-refused',
    `The storage for characters at ${where} refused (${status}). Check bucket, access key and secret key in the settings.`,
    { cause: error, details: { where, status } },
  );
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
