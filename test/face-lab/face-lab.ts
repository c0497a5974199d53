import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build, type Rolldown } from 'vite';
import { openVirtualScreen } from '../../build/lib/virtual-screen.mjs';
import { neutralFrame, type MotionFrame } from '../../src-preload/contract/index.ts';
import type { BodyFailure } from '../../src-renderer/face/face-body.ts';
import { openPlainWindow } from '../e2e/screens-window.ts';
import type { LabSource, LabWindow } from './lab-protocol.ts';
import type { Person } from './people.ts';
import type { Picture } from './picture.ts';

/** A frame of which only what is not neutral needs to be said. */
export type PartialFrame = Partial<Omit<MotionFrame, 'head' | 'gaze'>> & {
  head?: Partial<MotionFrame['head']>;
  gaze?: Partial<MotionFrame['gaze']>;
};

export interface LabOptions {
  /** @default 'mesh' */
  body?: LabSource['body'];
  /** Pixels. @default the portrait's own size, or 640 × 800 for a model */
  width?: number;
  height?: number;
  /** The style's shaders. @default false */
  effects?: boolean;
  /** Leave the expression set away although the person has one. @default false */
  withoutSet?: boolean;
}

export interface FaceLab {
  /** Makes a new body for a person; the one before is disposed of. */
  load(person: Person, options?: LabOptions): Promise<void>;
  /** Draws the frames in this order and returns a picture of each. Frames without a time are 40 ms apart. */
  draw(frames: readonly PartialFrame[]): Promise<Picture[]>;
  /** Draws all, returns the last picture only. For bodies that remember (springs). */
  drawLast(frames: readonly PartialFrame[]): Promise<Picture>;
  setQuality(quality: LabSource['quality']): Promise<void>;
  /** Errors of the page since the last call, and what the body gave as the reason of a failure. */
  takeFaults(): string[];
  close(): Promise<void>;
}

export function wholeFrame(frame: PartialFrame, index = 0): MotionFrame {
  const neutral = neutralFrame(frame.atMs ?? index * 40);
  return { ...neutral, ...frame, head: { ...neutral.head, ...frame.head }, gaze: { ...neutral.gaze, ...frame.gaze } };
}

declare const window: Window & { lab: LabWindow };

/** Opens the page of `page/` in the project's Electron, on a screen in memory where there is one to open (Linux), and drives it. */
export async function openFaceLab(): Promise<FaceLab> {
  const files = await buildPage();
  const sources = new Map<string, Uint8Array>();
  const drawn: Uint8Array[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'POST') {
      void bodyOf(request).then((body) => {
        drawn.push(body);
        response.writeHead(204).end();
      });
      return;
    }
    const body = path.startsWith('/source/') ? sources.get(path.slice('/source/'.length)) : files.get(path === '/' ? '/index.html' : path);
    const type = path === '/' ? 'text/html; charset=utf-8' : path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  const before = process.env['DISPLAY'];
  const screen = process.platform === 'linux' ? await openVirtualScreen() : undefined;
  if (screen !== undefined) process.env['DISPLAY'] = screen.display;
  const { app, page, takeFaults } = await openPlainWindow(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
    microphone: false,
  }).finally(() => {
    if (before === undefined) delete process.env['DISPLAY'];
    else process.env['DISPLAY'] = before;
  });
  await page.waitForFunction(() => 'lab' in window);
  const failures: string[] = [];

  async function drawFrames(frames: readonly PartialFrame[], keep: 'all' | 'last'): Promise<Picture[]> {
    drawn.length = 0;
    const { width, height, failure } = await page.evaluate(([whole, kept]) => window.lab.draw(whole, kept), [
      frames.map(wholeFrame),
      keep,
    ] as const);
    if (failure !== undefined) failures.push(described(failure));
    return drawn.map((data) => ({ width, height, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength) }));
  }

  return {
    async load(person, { body = 'mesh', effects = false, withoutSet = false, ...size } = {}) {
      sources.clear();
      sources.set('portrait', person.portrait);
      if (person.model !== undefined) sources.set('model', person.model);
      for (const [state, picture] of person.patches) sources.set(state, picture);
      const { width, height } = person.face;
      await page.evaluate((source) => window.lab.load(source), {
        character: person.character,
        face: person.face,
        ...(person.set === undefined || withoutSet ? {} : { set: person.set }),
        body,
        quality: { width: size.width ?? width, height: size.height ?? height, effects },
        model: person.model !== undefined,
      });
    },
    draw: (frames) => drawFrames(frames, 'all'),
    async drawLast(frames) {
      const [picture] = await drawFrames(frames, 'last');
      if (picture === undefined) throw new Error('There were no frames to draw.');
      return picture;
    },
    setQuality: (quality) => page.evaluate((wanted) => window.lab.setQuality(wanted), quality),
    takeFaults: () => [...takeFaults(), ...failures.splice(0)],
    async close() {
      await app.close();
      server.closeAllConnections();
      server.close();
      await screen?.close();
    },
  };
}

const described = ({ code, message }: BodyFailure): string => `${code}: ${message}`;

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The built page by its paths. Kept in memory, so that labs that are open side by side do not meet. */
async function buildPage(): Promise<Map<string, string | Uint8Array>> {
  const root = resolve(import.meta.dirname, 'page');
  const built = (await build({
    configFile: false,
    logLevel: 'warn',
    root,
    base: '/',
    build: { write: false, target: 'chrome130', minify: false, reportCompressedSize: false, chunkSizeWarningLimit: 4000 },
    worker: { format: 'es' },
  })) as Rolldown.RolldownOutput;
  return new Map(built.output.map((file) => [join('/', file.fileName), file.type === 'chunk' ? file.code : file.source]));
}
