import type { Clock } from '../../../base/clock.ts';
import type { Engine } from '../../../platform/docker/index.ts';
import { phoneError } from '../telephony-errors.ts';
import { startAsterisk, type AsteriskContainer } from './asterisk-container.ts';
import type { Files } from './configuration-folder.ts';
import { exchangeContainer, type ContainerWish } from './container-spec.ts';
import { exchangeError } from './exchange-errors.ts';

const BOOT_MS = 20_000;
const LOOK_MS = 150;

/** Said by a start that has no network to look names up or to send by; nothing of it is about the files. */
const ABOUT_NETWORK =
  /res_pjsip_outbound_registration\.c|pjproject:|pjsip_options\.c|res_pjsip\.c.*(?:send|resol)|Temporary failure in name resolution|Unable to resolve|Failed to resolve|adding resolution results|object of type 'identify'|getaddrinfo|DTLS certificate/i;

/**
 * Starts an Asterisk of the same image with these files, without a network, and looks what it says and what came of it. Rejects with
 * `phone.bad-configuration` and Asterisk's own words, or `phone.no-dongle-driver`; nothing is left in either case.
 */
export async function checkByAsterisk(parts: {
  engine: Engine;
  clock: Clock;
  wish: Omit<ContainerWish, 'folders'>;
  files: Files;
  namePrefix: string;
  created: (container: { id: string }) => void;
  signal?: AbortSignal;
}): Promise<void> {
  const { engine, clock, wish, files, signal } = parts;
  const container = await startAsterisk(engine, exchangeContainer({ ...wish, folders: undefined }), {
    namePrefix: `${parts.namePrefix}-check`,
    created: parts.created,
  });
  try {
    const booted = await hasBooted(container, clock, signal);
    const problem = firstProblem(await container.output());
    if (problem?.includes('chan_dongle') === true) throw exchangeError('phone.no-dongle-driver');
    if (problem !== undefined) throw phoneError('phone.bad-configuration', { problem });
    if (!booted) throw phoneError('phone.bad-configuration', { problem: 'it does not start with it' });
    const missing = await firstMissing(container, files);
    if (missing !== undefined) throw phoneError('phone.bad-configuration', { problem: `${missing} is not there` });
  } finally {
    await container.remove();
  }
}

/** Whether it is up; false = it has ended, or takes too long. */
export async function hasBooted(container: AsteriskContainer, clock: Clock, signal?: AbortSignal): Promise<boolean> {
  for (const untilMs = clock.nowMs() + BOOT_MS; container.isAlive() && clock.nowMs() < untilMs;) {
    signal?.throwIfAborted();
    const words = await container.console('core waitfullybooted').catch(() => '');
    if (words.includes('fully booted')) return true;
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
  }
  return false;
}

/** The first line that says that something is wrong, in few words; undefined = none. */
export function firstProblem(output: string): string | undefined {
  const line = output
    .split('\n')
    .find(
      (each) =>
        /\b(?:WARNING|ERROR)\[|Could not find option (?!'minimum_size')|Unable to open|Error loading/.test(each) &&
        !ABOUT_NETWORK.test(each),
    );
  // `[date] ERROR[1]: file.c:12 function: what it says` on the console, `[date] ERROR[1] file.c: what it says` in the log.
  return line
    ?.replace(/^\[[^\]]*\]\s*\w+(?:\[[^\]]*\])*:?\s*\S+\.c:(?:\d+ \S+:)?\s*/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}

/** How the console lists the objects of a type, and what stands around a name. */
const LISTS = [
  { type: 'endpoint', command: 'pjsip list endpoints', line: (name: string) => String.raw`Endpoint:\s+${name}[/\s]` },
  { type: 'transport', command: 'pjsip list transports', line: (name: string) => String.raw`Transport:\s+${name}\s` },
  { type: 'aor', command: 'pjsip list aors', line: (name: string) => String.raw`Aor:\s+${name}\s` },
  { type: 'auth', command: 'pjsip list auths', line: (name: string) => String.raw`Auth:\s+${name}/` },
  { type: 'registration', command: 'pjsip list registrations', line: (name: string) => String.raw`^\s*${name}/` },
] as const;

/** An object that is in the files and not in Asterisk: one unknown option discards the whole of it. */
async function firstMissing(container: AsteriskContainer, files: Files): Promise<string | undefined> {
  const pjsip = files.get('pjsip.conf') ?? '';
  const words = await container.console(...LISTS.map(({ command }) => command));
  for (const { type, line } of LISTS)
    for (const name of namesOf(pjsip, type))
      if (!new RegExp(line(name.replaceAll('.', String.raw`\.`)), 'm').test(words)) return `${type} ${name}`;
  return undefined;
}

const namesOf = (text: string, type: string): string[] =>
  text
    .split(/^(?=\[)/m)
    .filter((section) => new RegExp(`^type = ${type}$`, 'm').test(section))
    .map((section) => /^\[([^\]]+)\]/.exec(section)?.[1] ?? '')
    .filter((name) => name !== '');
