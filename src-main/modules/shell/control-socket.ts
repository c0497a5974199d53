import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { createConnection, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { auditVerdictSchema, killLevelSchema, type AuditVerdict, type KillState } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { ErrorData } from '../../base/errors.ts';
import { AppError, fromErrorData, toErrorData } from '../../base/errors.ts';
import { readLines } from '../../base/lines.ts';
import type { Log } from '../../base/log.ts';

/*
 * How a terminal, or the desktop's own shortcut settings, reach the running app: a Unix socket (Windows: named pipe) that only its owner may open.
 * One JSON object a line, one answer a line:
 *
 *   {"command": "talk-toggle"}  →  {"ok": true}
 *   {"command": "status"}       →  {"ok": true, "status": {"state": "ready", …}}
 *   {"command": "link"}         →  {"ok": true, "link": "http://127.0.0.1:PORT/?token=…"}
 *   {"command": "kill", "level": 3}                      →  {"ok": true, "killSwitch": {"level": 3, …}}
 *   {"command": "prepare-lift"}                          →  {"ok": true, "lift": {"token": "…", "phrase": {…}, "passphraseSet": false}}
 *   {"command": "lift", "token": "…", "phrase": "…"}     →  {"ok": true, "killSwitch": {"level": 0, …}}
 */
export const controlCommandSchema = z.enum([
  'talk-toggle',
  'talk-press',
  'talk-release',
  'mute-toggle',
  'quiet',
  'show',
  'quit',
  'status',
  'link',
  'kill',
  'kill-status',
  'prepare-lift',
  'lift',
  'audit-verify',
]);
export type ControlCommand = z.infer<typeof controlCommandSchema>;

/** What comes back besides success. */
export interface ControlAnswer {
  status?: { state: string; version: string; pid: number };
  /** One-time link to the page; the web door is opened for it when it is not open yet. */
  link?: string;
  killSwitch?: KillState;
  lift?: { token: string; expiresAtMs: number; phrase: { en: string; de: string }; passphraseSet: boolean };
  audit?: AuditVerdict;
}

const requestSchema = z.object({
  command: controlCommandSchema,
  /** Of `kill`; 5 when it is missing. */
  level: killLevelSchema.optional(),
  /** Of `lift`: typed by the owner at the terminal. */
  token: z.string().max(100).optional(),
  phrase: z.string().max(100).optional(),
  passphrase: z.string().max(500).optional(),
});
export type ControlRequest = z.infer<typeof requestSchema>;
const responseSchema = z.union([
  z.object({
    ok: z.literal(true),
    status: z.object({ state: z.string(), version: z.string(), pid: z.number() }).optional(),
    link: z.string().optional(),
    audit: auditVerdictSchema.optional(),
  }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])) }),
  }),
]);

const MAX_CONNECTIONS = 16;
/** A connection that asks nothing is hung up after this. */
const IDLE_LIMIT_MS = 10_000;
/** A command for a page that is still loading takes as long as its patience (shell.electron.ts). */
const ANSWER_LIMIT_MS = 20_000;
const MAX_LINE_LENGTH = 4096;

/**
 * Opens the socket of this data directory. Rejects with `control.taken` when another app answers there, with `control.unavailable` when the
 * system cannot make one (a path over 100 bytes, a disk without sockets); the app works without.
 */
export async function openControlSocket(options: {
  dataDirectory: string;
  run: (command: ControlCommand, request: ControlRequest) => Promise<ControlAnswer>;
  log: Log;
  idleLimitMs?: number;
}): Promise<Disposable> {
  const { run, log, idleLimitMs = IDLE_LIMIT_MS } = options;
  const path = controlPath(options.dataDirectory);
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serve(socket, { run, log, idleLimitMs });
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path);
  return {
    async dispose() {
      const closed = new Promise((done) => void server.close(done));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

/** Sends one command to the running app. Rejects with `control.not-running` when there is none, or with the app's own error. */
export async function sendControlCommand(dataDirectory: string, command: ControlCommand): Promise<ControlAnswer> {
  const socket = createConnection(controlPath(dataDirectory));
  try {
    const line = await new Promise<string>((answer, reject) => {
      socket.setTimeout(ANSWER_LIMIT_MS, () => reject(notRunning('it does not answer')));
      socket.on('error', (error) => reject(notRunning(error.message)));
      socket.once('close', () => reject(notRunning('it hung up')));
      readLines(socket, answer);
      socket.write(`${JSON.stringify({ command })}\n`);
    });
    const response = responseSchema.parse(JSON.parse(line));
    if (!response.ok) throw fromErrorData(response.error);
    const { status, link, audit } = response;
    return {
      ...(status === undefined ? {} : { status }),
      ...(link === undefined ? {} : { link }),
      ...(audit === undefined ? {} : { audit }),
    };
  } finally {
    socket.destroy();
  }
}

/** Where the socket of a data directory is; named pipes have a namespace of their own. */
export function controlPath(dataDirectory: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return join(dataDirectory, 'control.sock');
  return `\\\\.\\pipe\\openclaw-desktop-${createHash('sha256').update(resolve(dataDirectory)).digest('hex').slice(0, 24)}`;
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await tryListen(server, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw unavailable(path, error);
    if (await answers(path)) throw new AppError('control.taken', 'OpenClaw Desktop is running already with this data directory.');
    // Left behind by an app that was killed.
    await rm(path, { force: true });
    await tryListen(server, path).catch((failure: unknown) => {
      throw unavailable(path, failure);
    });
  }
}

function tryListen(server: Server, path: string): Promise<void> {
  return new Promise((done, reject) => {
    server.once('error', reject);
    // The socket's file is made within this call, so it is never readable by others, not even for a moment.
    const before = process.umask(0o177);
    server.listen(path, () => {
      server.off('error', reject);
      done();
    });
    process.umask(before);
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

interface Served {
  run: (command: ControlCommand, request: ControlRequest) => Promise<ControlAnswer>;
  log: Log;
  idleLimitMs: number;
}

function serve(socket: Socket, { run, log, idleLimitMs }: Served): void {
  let runningCount = 0;
  socket.setTimeout(idleLimitMs, () => {
    // A command may wait for a page that is still loading; whoever asked is not idle but patient.
    if (runningCount === 0) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  const onLine = (line: string): void => {
    runningCount += 1;
    void answerLine(line, run, log).then((answer) => {
      runningCount -= 1;
      if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
    });
  };
  readLines(socket, onLine, { maxLength: MAX_LINE_LENGTH, onTooLong: () => socket.destroy() });
}

async function answerLine(
  line: string,
  run: (command: ControlCommand, request: ControlRequest) => Promise<ControlAnswer>,
  log: Log,
): Promise<({ ok: true } & ControlAnswer) | { ok: false; error: ErrorData }> {
  const request = requestSchema.safeParse(parseJson(line));
  if (!request.success) {
    const known = controlCommandSchema.options.join(', ');
    return { ok: false, error: { code: 'control.unknown-command', message: `Commands are: ${known}.`, details: {} } };
  }
  try {
    return { ok: true, ...(await run(request.data.command, request.data)) };
  } catch (error) {
    if (!(error instanceof AppError)) log.error('control.failed', { command: request.data.command, error });
    return { ok: false, error: toErrorData(error) };
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function notRunning(reason: string): AppError {
  return new AppError('control.not-running', `OpenClaw Desktop is not running (${reason}). Start it with "npm start".`, {
    details: { reason },
  });
}

function unavailable(path: string, cause: unknown): AppError {
  return new AppError(
    'control.unavailable',
    `Commands from the terminal do not work: the socket ${path} cannot be made. A shorter data directory may help.`,
    { cause },
  );
}
