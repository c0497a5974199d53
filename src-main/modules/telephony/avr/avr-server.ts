import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Disposable } from '../../../base/dispose.ts';
import { AppError, isAbort, toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { AvrEngines } from './avr-engines.ts';
import { hasToken, promptSchema, readJson, textSchema } from './avr-requests.ts';
import { samplesOf, telephonePcm } from './avr-sound.ts';

/*
 * The three services that AVR (Agent Voice Response) expects of its providers, as its own parts answer them (avr-asr-vosk, avr-llm-anthropic,
 * avr-tts-kokoro, read 2026-11): speech to text as chunks of plain text, one for each utterance; answers as JSON objects one behind the other, without anything
 * between; speech as raw 8 kHz PCM. On loopback, with a token.
 */

export interface AvrServer extends Disposable {
  readonly port: number;
}

export interface AvrServerOptions {
  engines: AvrEngines;
  /** Loopback only. 0 = any free port. */
  port: number;
  token: string;
  /** Before anything is computed; throws while everything is stopped. */
  admit: () => void;
  log: Log;
}

/** Calls at once that this machine may be asked for: three streams each. */
const MAX_AT_ONCE = 24;
/** A telephone sends sound all the time: who is silent on the wire for so long has gone. */
const IDLE_MS = 60_000;

type Answer = (request: IncomingMessage, response: ServerResponse, signal: AbortSignal) => Promise<void>;

/** Opens it. Rejects with `avr.port-taken`. */
export async function openAvrServer(options: AvrServerOptions): Promise<AvrServer> {
  const { log } = options;
  const answers = routes(options.engines);
  let running = 0;
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const answer = answers.get(`${request.method} ${url.pathname}`);
    const refusal = answer === undefined ? notFound(answers, request, url) : refusalOf(options, request, url, running);
    if (refusal !== undefined || answer === undefined) {
      sendError(request, response, refusal ?? { status: 404, message: 'There is nothing here.' });
      return;
    }
    running += 1;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    answer(request, response, gone.signal)
      .catch((error: unknown) => failed(request, response, error, log))
      .finally(() => {
        running -= 1;
      });
  });
  server.setTimeout(IDLE_MS);
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  log.info('avr.open', { port });
  return {
    port,
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function routes(engines: AvrEngines): ReadonlyMap<string, Answer> {
  const speech: Answer = async (request, response, signal) => {
    const { text } = await readJson(request, textSchema);
    startStream(response, 'audio/l16; rate=8000; channels=1');
    await send(response, telephonePcm(engines.speak(text, signal)), signal);
  };
  return new Map<string, Answer>([
    [
      'GET /health',
      async (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'ok' }));
      },
    ],
    [
      'POST /speech-to-text-stream',
      async (request, response, signal) => {
        const asLines = /\b(?:x-ndjson|json)\b/.test(request.headers.accept ?? '');
        startStream(response, asLines ? 'application/x-ndjson; charset=utf-8' : 'text/event-stream; charset=utf-8');
        const sound = samplesOf(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
        await send(response, transcripts(engines.transcribe(sound, signal), asLines), signal);
      },
    ],
    [
      'POST /prompt-stream',
      async (request, response, signal) => {
        const { messages } = await readJson(request, promptSchema);
        startStream(response, 'text/event-stream; charset=utf-8');
        await send(response, textPieces(engines.prompt(messages, signal)), signal);
      },
    ],
    ['POST /text-to-speech-stream', speech],
    [
      'POST /text-to-speech',
      async (request, response, signal) => {
        const { text } = await readJson(request, textSchema);
        const pieces: Uint8Array[] = [];
        for await (const piece of telephonePcm(engines.speak(text, signal))) pieces.push(piece);
        const whole = Buffer.concat(pieces);
        if (!signal.aborted) response.writeHead(200, { ...SOUND, 'content-length': whole.length }).end(whole);
      },
    ],
  ]);
}

const SOUND = { 'content-type': 'audio/l16; rate=8000; channels=1', 'cache-control': 'no-cache' };

async function* transcripts(texts: AsyncIterable<string>, asLines: boolean): AsyncGenerator<string> {
  for await (const text of texts) if (text.trim() !== '') yield asLines ? `${JSON.stringify({ type: 'transcript', text })}\n` : text;
}

async function* textPieces(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const content of pieces) if (content !== '') yield JSON.stringify({ type: 'text', content });
}

function startStream(response: ServerResponse, contentType: string): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
  response.flushHeaders();
}

/** No faster than the other side takes it; ends at once when that has hung up. */
async function send(response: ServerResponse, pieces: AsyncIterable<string | Uint8Array>, signal: AbortSignal): Promise<void> {
  for await (const piece of pieces) {
    if (signal.aborted) return;
    if (!response.write(piece)) await once(response, 'drain', { signal });
  }
  response.end();
}

interface Refusal {
  status: number;
  message: string;
}

function notFound(answers: ReadonlyMap<string, Answer>, request: IncomingMessage, url: URL): Refusal {
  const isOtherMethod = [...answers.keys()].some((key) => key.endsWith(` ${url.pathname}`));
  return isOtherMethod
    ? { status: 405, message: `${request.method} is not answered here.` }
    : { status: 404, message: 'There is nothing here.' };
}

function refusalOf({ token, admit }: AvrServerOptions, request: IncomingMessage, url: URL, running: number): Refusal | undefined {
  if (url.pathname === '/health') return undefined;
  // Programs send none; a page that somebody has open in a browser has no business here.
  if (request.headers.origin !== undefined) return { status: 403, message: 'Only programs may ask here.' };
  if (!hasToken(request, url, token))
    return { status: 401, message: 'The token is missing or wrong: it stands in the settings under Phone.' };
  if (running >= MAX_AT_ONCE) return { status: 503, message: 'Too many requests at once. Try again.' };
  try {
    admit();
    return undefined;
  } catch (error) {
    return { status: 503, message: toErrorData(error).message };
  }
}

const STATUS: Readonly<Record<string, number>> = { 'avr.bad-request': 400, 'avr.too-large': 413 };

function failed(request: IncomingMessage, response: ServerResponse, error: unknown, log: Log): void {
  if (isAbort(error) || response.destroyed) return;
  const { code, message } = toErrorData(error);
  log.warn('avr.request-failed', { code });
  // What has begun as sound or text cannot become an error any more: it is cut, so that nobody takes it for whole.
  if (response.headersSent) response.destroy();
  else
    sendError(request, response, {
      status: STATUS[code] ?? 500,
      message: error instanceof AppError ? message : 'Something unexpected went wrong.',
    });
}

function sendError(request: IncomingMessage, response: ServerResponse, { status, message }: Refusal): void {
  // What is still being sent is not taken: the connection ends with the answer.
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' }).end(JSON.stringify({ message }));
  request.resume();
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      const message = `Port ${port} for AVR cannot be used (${cause.code ?? cause.message}). Choose another one in the settings under Phone.`;
      reject(taken ? new AppError('avr.port-taken', message, { cause, details: { port } }) : cause);
    });
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
