import type { S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../../base/errors.ts';
import type { S3Place } from './s3-storage.ts';

export interface BucketObject {
  /** Without the path that the settings put in front. */
  key: string;
  sizeBytes: number;
  /** The server's tag of the content. */
  stamp: string;
}

/** The five things that are asked of a bucket. Everything rejects with `character.storage-unreachable` or `character.storage-refused`. */
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
export function createBucket(place: S3Place, secretAccessKey: () => string | undefined, silenceMs = SILENCE_MS): Bucket {
  const [name = '', ...path] = place.bucket.split('/').filter((part) => part !== '');
  const prefix = path.length === 0 ? '' : `${path.join('/')}/`;
  const where = place.endpoint === '' ? `Amazon S3 (${place.region})` : place.endpoint;
  let opened: { secret: string; client: S3Client } | undefined;

  const client = async (): Promise<S3Client> => {
    const secret = secretAccessKey() ?? '';
    if (opened?.secret !== secret) {
      const { S3Client: Client } = await sdk();
      opened?.client.destroy();
      opened = {
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
    return opened.client;
  };
  const asking = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw storageError(error, where);
    }
  };

  return {
    list: () =>
      asking(async () => {
        const { ListObjectsV2Command } = await sdk();
        const found: BucketObject[] = [];
        let token: string | undefined;
        do {
          const page = await (await client()).send(new ListObjectsV2Command({ Bucket: name, Prefix: prefix, ContinuationToken: token }));
          for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
            found.push({ key: Key.slice(prefix.length), sizeBytes: Size, stamp: ETag });
          }
          token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
        } while (token !== undefined);
        return found;
      }),
    get: (key) =>
      asking(async () => {
        const { GetObjectCommand } = await sdk();
        const { Body } = await (await client()).send(new GetObjectCommand({ Bucket: name, Key: prefix + key }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      }),
    put: (key, content) =>
      asking(async () => {
        const { PutObjectCommand } = await sdk();
        await (await client()).send(new PutObjectCommand({ Bucket: name, Key: prefix + key, Body: content }));
      }),
    remove: (key) =>
      asking(async () => {
        const { DeleteObjectCommand } = await sdk();
        await (await client()).send(new DeleteObjectCommand({ Bucket: name, Key: prefix + key }));
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
