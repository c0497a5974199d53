import type { Readable, Writable } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { AppError } from '../../base/errors.ts';

export interface BridgeOptions {
  /** Of the running app's `/mcp`. */
  url: URL;
  token: string;
  input: Readable;
  output: Writable;
}

/**
 * Passes messages between standard streams and the running app. Resolves when the input has ended and what was asked is answered; rejects with
 * `mcp.no-entry` when the app does not take the token. Whatever else goes wrong with a request is its answer.
 */
export async function bridgeMcp({ url, token, input, output }: BridgeOptions): Promise<void> {
  const [{ StreamableHTTPClientTransport, isJSONRPCRequest, isJSONRPCResponse }, { StdioServerTransport }] = await Promise.all([
    import('@modelcontextprotocol/client'),
    import('@modelcontextprotocol/server/stdio'),
  ]);
  const program = new StdioServerTransport(input, output);
  const app = new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } });
  const open = new Set<string | number>();
  let isOver = false;

  await new Promise<void>((resolve, reject) => {
    const finishIfOver = (): void => {
      if (isOver && open.size === 0) resolve();
    };
    const answered = (id: string | number | undefined): void => {
      if (id !== undefined) open.delete(id);
      finishIfOver();
    };
    const fromApp = (message: JSONRPCMessage): void => {
      if (isJSONRPCResponse(message) && 'result' in message) {
        const { protocolVersion } = message.result;
        if (typeof protocolVersion === 'string') app.setProtocolVersion(protocolVersion);
      }
      void program.send(message).finally(() => answered(isJSONRPCResponse(message) ? message.id : undefined));
    };
    const fromProgram = (message: JSONRPCMessage): void => {
      const id = isJSONRPCRequest(message) ? message.id : undefined;
      if (id !== undefined) open.add(id);
      app.send(message).catch((error: unknown) => {
        const status = error instanceof Error && 'status' in error ? error.status : undefined;
        if (status === 401 || (error instanceof Error && error.name === 'UnauthorizedError')) {
          reject(new AppError('mcp.no-entry', 'OpenClaw Desktop does not know this token. Make another in its settings, MCP.'));
          return;
        }
        if (id === undefined) return;
        const reason = error instanceof Error ? error.message : String(error);
        void program
          .send({ jsonrpc: '2.0', id, error: { code: -32_603, message: `OpenClaw Desktop did not answer: ${reason}` } })
          .finally(() => answered(id));
      });
    };
    input.once('end', () => {
      isOver = true;
      finishIfOver();
    });
    input.once('error', reject);
    output.once('error', reject);
    Object.assign(app, { onmessage: fromApp });
    Object.assign(program, { onmessage: fromProgram });
    void Promise.all([app.start(), program.start()]).catch(reject);
  }).finally(async () => {
    await Promise.all([app.close(), program.close()]).catch(() => undefined);
  });
}
