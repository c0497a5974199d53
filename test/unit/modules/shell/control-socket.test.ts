import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createDisposeBag } from '../../../../src-main/base/dispose.ts';
import type { Disposable, DisposeBag } from '../../../../src-main/base/dispose.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import type { ControlAnswer, ControlCommand } from '../../../../src-main/modules/shell/control-socket.ts';
import { controlPath, openControlSocket, sendControlCommand } from '../../../../src-main/modules/shell/control-socket.ts';

let folder: string;
let bag: DisposeBag;
let commands: ControlCommand[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'control-'));
  bag = createDisposeBag();
  bag.add(() => rmSync(folder, { recursive: true, force: true }));
  commands = [];
});
afterEach(() => bag.dispose());

async function run(command: ControlCommand): Promise<ControlAnswer> {
  commands.push(command);
  if (command === 'talk-press') throw new AppError('talk.no-page', 'There is no page.', { details: { door: 'window' } });
  if (command === 'quit') throw new Error('internal');
  return command === 'status' ? { status: { state: 'ready', version: '1', pid: 7 } } : {};
}

async function answerLate(): Promise<ControlAnswer> {
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
  return { link: 'late' };
}

async function open(more: Partial<Parameters<typeof openControlSocket>[0]> = {}): Promise<Disposable> {
  return bag.add(await openControlSocket({ dataDirectory: folder, run, log: silentLog, ...more }));
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => void socket.on('close', resolve));

describe('openControlSocket', () => {
  it('runs commands and answers with what they give', async () => {
    await open();
    expect(await sendControlCommand(folder, 'talk-toggle')).toEqual({});
    expect(await sendControlCommand(folder, 'status')).toEqual({ status: { state: 'ready', version: '1', pid: 7 } });
    expect(commands).toEqual(['talk-toggle', 'status']);
  });

  it.skipIf(process.platform === 'win32')('can be opened by its owner only', async () => {
    await open();
    expect(statSync(controlPath(folder)).mode & 0o777).toBe(0o600);
  });

  it('answers failures with their code, and unexpected ones as such', async () => {
    await open();
    await expect(sendControlCommand(folder, 'talk-press')).rejects.toMatchObject({ code: 'talk.no-page', details: { door: 'window' } });
    await expect(sendControlCommand(folder, 'quit')).rejects.toMatchObject({ code: 'internal.unexpected' });
  });

  it('refuses unknown commands and lines that are no JSON, and hangs up on endless ones', async () => {
    await open();
    const socket = createConnection(controlPath(folder));
    let text = '';
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const hungUp = closed(socket);
    socket.write('{"command":"format-disk"}\nnot json\n');
    await expect.poll(() => text.match(/control\.unknown-command/g)?.length).toBe(2);
    socket.on('error', () => undefined);
    socket.write('x'.repeat(10_000));
    await hungUp;
    expect(commands).toEqual([]);
  });

  it('hangs up on whoever asks nothing, but not on who waits for an answer', async () => {
    await open({ run: answerLate, idleLimitMs: 40 });
    expect(await sendControlCommand(folder, 'link')).toEqual({ link: 'late' });
    await closed(createConnection(controlPath(folder)));
  });

  it('closes at once, whoever is still connected', async () => {
    const socket = await open({ run: () => new Promise(() => undefined) });
    const idle = createConnection(controlPath(folder));
    const hungUp = closed(idle);
    const command = expect(sendControlCommand(folder, 'show')).rejects.toMatchObject({ code: 'control.not-running' });
    await expect.poll(() => idle.readyState).toBe('open');
    await socket.dispose();
    await hungUp;
    await command;
  });

  it('takes over a socket that a killed app has left behind', async () => {
    writeFileSync(controlPath(folder), '');
    await open();
    expect(await sendControlCommand(folder, 'show')).toEqual({});
  });

  it('refuses to take the socket of an app that runs', async () => {
    await open();
    await expect(open()).rejects.toMatchObject({ code: 'control.taken' });
    expect(await sendControlCommand(folder, 'show')).toEqual({});
  });

  it('says that a socket cannot be made', async () => {
    const dataDirectory = join(folder, 'x'.repeat(120));
    await expect(openControlSocket({ dataDirectory, run, log: silentLog })).rejects.toMatchObject({
      code: 'control.unavailable',
    });
  });
});

describe('sendControlCommand', () => {
  it('says that the app is not running', async () => {
    await expect(sendControlCommand(folder, 'show')).rejects.toMatchObject({ code: 'control.not-running' });
  });

  it('says so, too, when whoever listens hangs up', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => void server.listen(controlPath(folder), resolve));
    bag.add(() => void server.close());
    await expect(sendControlCommand(folder, 'show')).rejects.toMatchObject({ code: 'control.not-running' });
  });
});

describe('controlPath', () => {
  it('is a named pipe of its own for each data directory on Windows', () => {
    expect(controlPath('/a', 'win32')).toMatch(/^\\\\\.\\pipe\\openclaw-desktop-[0-9a-f]{24}$/);
    expect(controlPath('/a', 'win32')).not.toBe(controlPath('/b', 'win32'));
  });
});
