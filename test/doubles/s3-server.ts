import S3rver from 's3rver';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** The keys that the server knows. */
export const S3_KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } as const;
export const S3_BUCKET = 'people';

/** A real S3 server on loopback with one empty bucket; `close` takes it off the net. */
export async function startS3Server(): Promise<{ endpoint: string; close(): Promise<void> }> {
  const directory = await temporaryFolder();
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: S3_BUCKET }] });
  const { port } = await server.run();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await server.close();
  };
  onTestFinished(close);
  return { endpoint: `http://127.0.0.1:${port}`, close };
}
