import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a speech server was asked, and how it answers. */
export interface SpeechServer {
  /** Base address, with "/v1". */
  readonly baseUrl: string;
  readonly requests: readonly { path: string; body: Record<string, unknown> }[];
}

/** A server with OpenAI's speech interface on this machine. `answer` writes the response. */
export async function startSpeechServer(answer: (response: ServerResponse) => void): Promise<SpeechServer> {
  const requests: { path: string; body: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => void pieces.push(piece));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(pieces).toString('utf8')) as Record<string, unknown> });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests };
}

/** Samples as PCM, 16 bit, little-endian. */
export function pcmBytes(samples: readonly number[]): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [at, sample] of samples.entries()) bytes.writeInt16LE(Math.round(sample * 32_767), at * 2);
  return bytes;
}
