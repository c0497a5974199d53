import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { request } from 'node:http';
import type { Disposable } from '../../../base/dispose.ts';
import type { EffectKind } from './drill-protocol.ts';
import type { Gate } from '../killswitch.ts';
import type { KillSwitchService } from '../kill-switch-service.ts';

/*
 * The workload of a drill: real processes, real timers, real messages. What they do is written down by themselves, not by the core that is to stop them.
 */

const EFFECT_EVERY_MS = 10;
const SPEECH_EVERY_MS = 15;
const MESSAGE_EVERY_MS = 20;

/** A process that does nothing but leave a trace every few milliseconds, until it is killed. */
const WRITER = `
const { openSync, writeSync } = require('node:fs');
const [file, mark, everyMs] = process.argv.slice(1);
const record = openSync(file, 'a');
setInterval(() => writeSync(record, mark + ' ' + Date.now() + '\\n'), Number(everyMs));
`;

/** Starts one in a group of its own and tells the watchdog of it. */
export function startWriter(options: {
  kind: EffectKind;
  name: string;
  recordFile: string;
  killSwitch: Pick<KillSwitchService, 'watch'>;
  /** Workers of engines are told to the watchdog in another way. */
  isTool: boolean;
}): { child: ChildProcess; end: () => void } {
  const { kind, name, recordFile } = options;
  const child = spawn(process.execPath, ['-e', WRITER, recordFile, `${kind} ${name}`, String(EFFECT_EVERY_MS)], {
    detached: options.isTool,
    stdio: 'ignore',
    env: {},
  });
  child.on('error', () => undefined);
  const pid = child.pid ?? 0;
  const unwatch = options.isTool && pid > 0 ? options.killSwitch.watch({ kind: 'process', pid, group: true }) : () => undefined;
  child.once('exit', unwatch);
  return {
    child,
    end() {
      if (pid <= 0) return;
      try {
        process.kill(options.isTool ? -pid : pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    },
  };
}

/** Speech and a call: what is heard is made by the core itself, so nothing but the gate and its end can silence it. */
export function startSound(kind: 'answer' | 'call', recordFile: string, gate: Gate): Disposable {
  const record = openSync(recordFile, 'a');
  const signal = gate.signal(kind);
  const timer = setInterval(() => {
    if (!gate.isOpen(kind)) return;
    appendFileSync(record, `${kind} sound ${Date.now()}\n`);
  }, SPEECH_EVERY_MS);
  const end = (): void => clearInterval(timer);
  signal.addEventListener('abort', end, { once: true });
  return {
    dispose() {
      signal.removeEventListener('abort', end);
      end();
      closeSync(record);
    },
  };
}

/** Messages that leave the machine; where they arrive they are written down. */
export function startMessages(port: number, gate: Gate): { dispose: () => void; cut: () => string[] } {
  const open = new Set<ReturnType<typeof request>>();
  let count = 0;
  const timer = setInterval(() => {
    if (!gate.isOpen('outgoing')) return;
    count += 1;
    const message = request({ host: '127.0.0.1', port, method: 'POST', path: `/message/${count}` }, (response) => response.resume());
    open.add(message);
    message.on('error', () => open.delete(message));
    message.on('close', () => open.delete(message));
    message.end('Hello');
  }, MESSAGE_EVERY_MS);
  const cut = (): string[] => {
    const names = [...open].map(({ path }) => path);
    for (const message of open) message.destroy();
    return names;
  };
  return {
    cut,
    dispose() {
      clearInterval(timer);
      cut();
    },
  };
}
