import { spawn, type ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import type { Stream } from 'node:stream';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { cleanText } from './clean-text.ts';
import { notStarted } from './mcp-errors.ts';

/** A larger message ends the connection: a server that floods must not take this process along. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** After a polite request to end. */
const GRACE_MS = 1500;

export interface ServerProcess {
  command: string;
  args: readonly string[];
  /** All of it: nothing else of our environment reaches the server. */
  env: Readonly<Record<string, string>>;
  cwd?: string | undefined;
  /** A line of its error output. */
  onWords: (line: string) => void;
  /** Called in the same tick as the start; throws when nothing may be started. */
  pass: () => void;
  /** Told once it runs; whoever watches processes wants to know. */
  onSpawned: (pid: number) => void;
}

/** MCP over the standard streams of a process that has a group of its own, so that whatever it starts ends with it. */
export interface ProcessTransport extends Transport {
  /** Ends the whole group at once. Safe to call at any time. */
  kill(): void;
}

export function createStdioTransport(server: ServerProcess): ProcessTransport {
  return process.platform === 'win32' ? windowsTransport(server) : groupTransport(server);
}

function groupTransport(server: ServerProcess): ProcessTransport {
  let child: ChildProcess | undefined;
  let isClosed = false;
  const buffer = new ReadBuffer({ maxBufferSize: MAX_MESSAGE_BYTES });
  const kill = (): void => {
    if (child !== undefined) signalGroup(child, 'SIGKILL');
  };
  const ended = (): void => {
    if (isClosed) return;
    isClosed = true;
    // Its children may live on although it has ended by itself.
    kill();
    buffer.clear();
    transport.onclose?.();
  };
  const read = (bytes: Buffer): void => {
    try {
      buffer.append(bytes);
    } catch (error) {
      transport.onerror?.(asError(error));
      kill();
      return;
    }
    for (let going = true; going;) {
      try {
        const message = buffer.readMessage();
        if (message === null) going = false;
        else transport.onmessage?.(message);
      } catch (error) {
        // One line that is no message; the next may be one.
        transport.onerror?.(asError(error));
      }
    }
  };
  const transport: ProcessTransport = {
    start: () =>
      new Promise((resolve, reject) => {
        server.pass();
        const { command, args, env, cwd } = server;
        const started = spawn(command, [...args], { env: { ...env }, cwd: cwd ?? homedir(), stdio: 'pipe', detached: true, shell: false });
        child = started;
        started.once('spawn', () => {
          if (started.pid !== undefined) server.onSpawned(started.pid);
          resolve();
        });
        started.once('error', (error) => {
          reject(notStarted(command, error));
          ended();
        });
        // Not `close`: a grandchild that holds the pipes open must not hide that the server has ended.
        started.once('exit', () => setImmediate(ended));
        started.stdin.on('error', (error) => transport.onerror?.(error));
        started.stdout.on('data', read);
        started.stdout.on('error', (error) => transport.onerror?.(error));
        readWords(started.stderr, server.onWords);
      }),
    send: (message: JSONRPCMessage) =>
      new Promise((resolve, reject) => {
        const input = child?.stdin;
        if (isClosed || !input?.writable) reject(new Error('The process has ended.'));
        else input.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      if (child === undefined || isClosed) return;
      const exited = new Promise<void>((resolve) => {
        child?.once('exit', () => resolve());
      });
      child.stdin?.end();
      signalGroup(child, 'SIGTERM');
      const timer = setTimeout(kill, GRACE_MS);
      await exited;
      clearTimeout(timer);
      ended();
    },
    kill,
  };
  return transport;
}

/** Batch files (`npx.cmd`) need the quoting that the SDK's own transport knows; the tree is ended by the system's command. */
function windowsTransport(server: ServerProcess): ProcessTransport {
  const { command, args, env, cwd } = server;
  const inner = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    cwd: cwd ?? homedir(),
    stderr: 'pipe',
    maxBufferSize: MAX_MESSAGE_BYTES,
  });
  readWords(inner.stderr, server.onWords);
  const kill = (): void => {
    if (inner.pid !== null) spawn('taskkill', ['/PID', String(inner.pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => undefined);
  };
  const start = inner.start.bind(inner);
  return Object.assign(inner, {
    kill,
    async start() {
      server.pass();
      try {
        await start();
      } catch (error) {
        throw notStarted(command, error);
      }
      if (inner.pid !== null) server.onSpawned(inner.pid);
    },
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

/** Lines of the error output, bounded each; a server that writes without a line break is cut. */
function readWords(stream: Pick<Stream, 'on'> | null, onWords: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString()).split('\n');
    rest = (lines.pop() ?? '').slice(-2000);
    for (const line of lines) {
      const words = cleanText(line, { maxLength: 300, oneLine: true });
      if (words !== '') onWords(words);
    }
  });
  stream?.on('error', () => undefined);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
