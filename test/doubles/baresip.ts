import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeWav, encodeWav, resample } from '../../src-main/platform/audio/index.ts';
import { freePort } from './free-port.ts';
import { openPhoneEar, type PhoneEar } from './phone-ear.ts';

/*
 * A real telephone: baresip, controlled over its TCP port, with an array as its microphone and a file beside its decoder. Everything on loopback.
 */

export const BARESIP = '/usr/bin/baresip';
/** Why its tests cannot run here; undefined = they can. */
export const noBaresip = existsSync(BARESIP) ? undefined : 'baresip is not installed (apt-get install baresip-core sip-tester)';

/** What it tells over its control port. */
export interface BaresipEvent {
  /** `REGISTER_OK`, `REGISTER_FAIL`, `CALL_INCOMING`, `CALL_RINGING`, `CALL_PROGRESS`, `CALL_ESTABLISHED`, `CALL_CLOSED`, `CALL_DTMF_START` … */
  type: string;
  /** Reason, digit, number. */
  param?: string;
  peeruri?: string;
  /** When it was told: `performance.now()`. */
  atMs: number;
}

export interface Baresip {
  readonly sipPort: number;
  readonly events: readonly BaresipEvent[];
  dial(number: string): Promise<void>;
  accept(): Promise<void>;
  hangUp(): Promise<void>;
  sendDigits(digits: string): Promise<void>;
  /** Hands its call on by REFER: blindly, or to whom it speaks with in the dialog that `replaces` names. */
  transfer(number: string, replaces?: string): Promise<void>;
  /** Resolves when the server has taken its registration; rejects with what it said instead. */
  registered(timeoutMs?: number): Promise<void>;
  /** The next event of this type from now on, or one that was told after `sinceMs`. Rejects after the time with all that was told. */
  until(type: string, options?: { timeoutMs?: number; sinceMs?: number }): Promise<BaresipEvent>;
  /** Says this into the call under way from now on, mono; silence behind it. Resolves when it has begun: `performance.now()`. */
  say(sound: { samples: Float32Array; sampleRateHz: number }): Promise<number>;
  /** Resolves with the moment at which the call's loudspeaker is next louder than -40 dBFS, `performance.now()`. Rejects after the time. */
  hearsSound(timeoutMs: number): Promise<number>;
  /** Resolves when it has been quieter than that for so long. */
  hearsQuiet(quietMs: number, timeoutMs: number): Promise<void>;
  /** Listens to its next call, with the time of every piece. */
  listen(): Promise<PhoneEar>;
  /** What came out of its loudspeaker in the latest call, at 8 kHz. Best after the call's end. */
  heard(): Promise<Float32Array>;
  /** Everything that it wrote, for a test that fails. */
  output(): string;
  dispose(): Promise<void>;
}

export interface BaresipOptions {
  /** Where it registers and calls; absent = it only answers. */
  server?: { port: number; user: string; password: string; registers?: boolean };
  /** What it says into every call, mono; silence behind it. */
  says?: { samples: Float32Array; sampleRateHz: number };
  /** Takes every call at once. */
  answers?: boolean;
  codec?: 'PCMA' | 'PCMU';
}

export const PHONE_RATE_HZ = 8_000;
const LONGEST_CALL_MS = 120_000;
const START_MS = 10_000;
/** -40 dBFS of 16 bit. */
const LOUD = 328;
const WAV_HEADER_BYTES = 64;

/** Starts one and resolves when it takes commands. */
export async function startBaresip(options: BaresipOptions = {}, tries = 3): Promise<Baresip> {
  const folder = await mkdtemp(join(tmpdir(), 'openclaw-baresip-'));
  const [sipPort, controlPort] = [await freePort(), await freePort()];
  await writeFiles(folder, { ...options, sipPort, controlPort });
  const child = spawn(BARESIP, ['-f', folder, '-4', '-p', folder], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  let output = '';
  let saidCount = 0;
  const keep = (piece: Buffer): void => void (output = (output + piece.toString()).slice(-20_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const control = await openControl(controlPort);
    return {
      sipPort,
      events: control.events,
      async dial(number) {
        // It would begin each call with what it said last.
        if (saidCount > 0) await control.send('ausrc', `aufile,${join(folder, 'says.wav')}`);
        await control.send('dial', options.server ? `sip:${number}@127.0.0.1:${options.server.port}` : number);
      },
      accept: () => control.send('accept'),
      hangUp: () => control.send('hangup'),
      transfer(number, replaces) {
        const uri = options.server ? `sip:${number}@127.0.0.1:${options.server.port}` : number;
        return control.send('transfer', replaces === undefined ? uri : `${uri}?Replaces=${encodeURIComponent(replaces)}`);
      },
      async sendDigits(digits) {
        for (const digit of digits) await control.send('sndcode', digit);
      },
      registered: (timeoutMs = 10_000) => registered(() => output, timeoutMs),
      until: (type, more) => until(control.events, type, more ?? {}, () => output),
      async say({ samples, sampleRateHz }) {
        saidCount += 1;
        const path = join(folder, `says-${saidCount}.wav`);
        await writeMicrophone(path, resample(samples, sampleRateHz, PHONE_RATE_HZ));
        await control.send('ausrc', `aufile,${path}`);
        return performance.now();
      },
      hearsSound: (timeoutMs) => listenIn(folder, timeoutMs, (loudAtMs) => loudAtMs),
      async hearsQuiet(quietMs, timeoutMs) {
        const sinceMs = performance.now();
        await listenIn(folder, timeoutMs, (loudAtMs) => (performance.now() - (loudAtMs ?? sinceMs) > quietMs ? 0 : undefined));
      },
      listen: () => openPhoneEar(folder),
      heard: () => heardIn(folder),
      output: () => output,
      async dispose() {
        control.close();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    // It takes the port behind its own as well, for TLS, whosever that is.
    if (tries > 1 && output.includes('Address already in use')) return startBaresip(options, tries - 1);
    throw new Error(`baresip did not start: ${String(error)}\n${output}`, { cause: error });
  }
}

interface Files extends BaresipOptions {
  sipPort: number;
  controlPort: number;
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  const microphone = join(folder, 'says.wav');
  const { says } = files;
  await writeMicrophone(microphone, says ? resample(says.samples, says.sampleRateHz, PHONE_RATE_HZ) : new Float32Array(0));
  await mkdir(join(folder, 'sounds'), { recursive: true });
  await writeFile(join(folder, 'config'), configuration(files, folder, microphone));
  await writeFile(join(folder, 'contacts'), '');
  const { server } = files;
  const user = server?.user ?? 'phone';
  const parameters = [
    `auth_pass=${server?.password ?? ''}`,
    `regint=${server && server.registers !== false ? 60 : 0}`,
    `audio_codecs=${files.codec ?? 'PCMA'}/8000/1`,
    `answermode=${files.answers === true ? 'auto' : 'manual'}`,
    ...(server ? [`outbound="sip:127.0.0.1:${server.port}"`] : []),
  ];
  await writeFile(
    join(folder, 'accounts'),
    `<sip:${user}@127.0.0.1${server ? `:${server.port}` : ''};transport=udp>;${parameters.join(';')}\n`,
  );
}

/** With silence for the rest of the call: a microphone is never at its end. */
async function writeMicrophone(path: string, samples: Float32Array): Promise<void> {
  const sound = new Float32Array((LONGEST_CALL_MS / 1000) * PHONE_RATE_HZ);
  sound.set(samples.subarray(0, sound.length));
  await writeFile(path, encodeWav({ samples: sound, sampleRateHz: PHONE_RATE_HZ }));
}

function configuration({ sipPort, controlPort }: Files, folder: string, microphone: string): string {
  return `sip_listen 127.0.0.1:${sipPort}
net_interface 127.0.0.1
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module sndfile.so
snd_path ${folder}
module uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:${controlPort}
audio_source aufile,${microphone}
ausrc_srate ${PHONE_RATE_HZ}
auplay_srate ${PHONE_RATE_HZ}
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
jitter_buffer_type fixed
jitter_buffer_delay 2-10
rtp_ports 41000-49000
call_local_timeout 120
call_max_calls 4
ringback_disabled yes
`;
}

interface Control {
  readonly events: readonly BaresipEvent[];
  send(command: string, parameters?: string): Promise<void>;
  close(): void;
}

/** JSON in netstrings, both ways. */
async function openControl(port: number): Promise<Control> {
  const socket = await connected(port);
  const events: BaresipEvent[] = [];
  const waiting = new Map<string, (answer: { ok: boolean; data: string }) => void>();
  let rest: Buffer = Buffer.alloc(0);
  let count = 0;
  socket.on('error', () => undefined);
  socket.on('data', (piece) => {
    rest = Buffer.concat([rest, piece]);
    for (let message = takeNetstring(rest); message !== undefined; message = takeNetstring(rest)) {
      rest = message.rest;
      const told = JSON.parse(message.text) as { event?: boolean; response?: boolean; token?: string; ok?: boolean; data?: string } & Omit<
        BaresipEvent,
        'atMs'
      >;
      if (told.event === true) events.push({ ...told, atMs: performance.now() });
      else if (told.response === true) waiting.get(told.token ?? '')?.({ ok: told.ok === true, data: told.data ?? '' });
    }
  });
  return {
    events,
    async send(command, parameters) {
      count += 1;
      const token = `t${count}`;
      const answer = new Promise<{ ok: boolean; data: string }>((resolve) => void waiting.set(token, resolve));
      const text = JSON.stringify({ command, token, ...(parameters === undefined ? {} : { params: parameters }) });
      socket.write(`${Buffer.byteLength(text)}:${text},`);
      const { ok, data } = await Promise.race([answer, pause(5_000, { ok: false, data: 'no answer' }, { ref: false })]);
      waiting.delete(token);
      if (!ok) throw new Error(`baresip refused ${command} ${parameters ?? ''}: ${data}`);
    },
    close: () => socket.destroy(),
  };
}

/** The first answer comes before anybody can connect to the control port: its own output tells. */
async function registered(output: () => string, timeoutMs: number): Promise<void> {
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await pause(20)) {
    const said = /\{0\/UDP\/v4\} (\d{3})[^\n]*/.exec(output());
    if (said?.[1] === '200') return;
    if (said !== null || /Register: .*|reg: .* failed/i.test(output()))
      throw new Error(`baresip was not registered: ${said?.[0] ?? output().slice(-500)}`);
  }
  throw new Error(`baresip was not registered in time\n${output().slice(-2_000)}`);
}

async function connected(port: number): Promise<Socket> {
  const untilMs = performance.now() + START_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return socket;
    if (performance.now() > untilMs) throw new Error(`nobody listens on ${port}`);
    await pause(50);
  }
}

function takeNetstring(bytes: Buffer): { text: string; rest: Buffer } | undefined {
  const colon = bytes.indexOf(':');
  if (colon < 0) return undefined;
  const length = Number(bytes.toString('latin1', 0, colon));
  const end = colon + 1 + length;
  if (bytes.length < end + 1) return undefined;
  return { text: bytes.toString('utf8', colon + 1, end), rest: bytes.subarray(end + 1) };
}

async function until(
  events: readonly BaresipEvent[],
  type: string,
  { timeoutMs = 10_000, sinceMs = performance.now() }: { timeoutMs?: number; sinceMs?: number },
  output: () => string,
): Promise<BaresipEvent> {
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await pause(5)) {
    const found = events.find((event) => event.type === type && event.atMs >= sinceMs);
    if (found) return found;
  }
  throw new Error(`baresip told no ${type}, but ${events.map((event) => event.type).join(', ')}\n${output().slice(-3_000)}`);
}

/** sndfile.so writes what each call's decoder gave, packet for packet as it came; there is no loudspeaker that would pace it. */
async function heardIn(folder: string): Promise<Float32Array> {
  const path = await latestDump(folder);
  return path === undefined ? new Float32Array(0) : decodeLoose(await readFile(path));
}

async function latestDump(folder: string): Promise<string | undefined> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('dump-') && name.endsWith('-dec.wav'));
  const dated = await Promise.all(files.map(async (name) => ({ name, atMs: (await stat(join(folder, name))).mtimeMs })));
  const latest = dated.toSorted((left, right) => right.atMs - left.atMs)[0];
  return latest && join(folder, latest.name);
}

/**
 * Reads what is written behind the file's end of now, 16 bit, as it grows, until `judge` has an answer to when it was loud last. A call that begins
 * meanwhile is listened to from its beginning: until it is answered, the file of the one before is the latest.
 */
async function listenIn(folder: string, timeoutMs: number, judge: (loudAtMs: number | undefined) => number | undefined): Promise<number> {
  const piece = Buffer.alloc(65_536);
  const endMs = performance.now() + timeoutMs;
  let path = await latestDump(folder);
  let file = path === undefined ? undefined : await open(path, 'r');
  let place = file ? (await file.stat()).size : 0;
  let loudAtMs: number | undefined;
  try {
    for (; performance.now() < endMs; await pause(5)) {
      const latest = await latestDump(folder);
      if (latest !== path && latest !== undefined) {
        await file?.close();
        [path, file, place] = [latest, await open(latest, 'r'), 0];
      }
      if (file === undefined) continue;
      const { bytesRead } = await file.read(piece, 0, piece.length, place);
      const whole = bytesRead - (bytesRead % 2);
      // The header of a WAV file is no sound.
      const from = place === 0 ? Math.min(whole, WAV_HEADER_BYTES) : 0;
      place += whole;
      for (let at = from; at < whole; at += 2) if (Math.abs(piece.readInt16LE(at)) > LOUD) loudAtMs = performance.now();
      const answer = judge(loudAtMs);
      if (answer !== undefined) return answer;
    }
  } finally {
    await file?.close();
  }
  throw new Error(
    path === undefined ? 'baresip has no call that it hears' : `baresip did not hear what was awaited within ${timeoutMs} ms`,
  );
}

/** Its header is finished only when the call has ended. */
function decodeLoose(bytes: Buffer): Float32Array {
  if (bytes.length < 46) return new Float32Array(0);
  const copy = Buffer.from(bytes);
  const at = copy.indexOf('data');
  if (at > 0) copy.writeUInt32LE(copy.length - at - 8 - ((copy.length - at - 8) % 2), at + 4);
  copy.writeUInt32LE(copy.length - 8, 4);
  return decodeWav(copy).samples;
}
