import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import { errorCode } from '../../../base/atomic-file.ts';
import type { ButtonLine } from './button-line.ts';

/** One kind of device. Opening never fails: a device that is not there is a lost one. */
export type OpenButtonSource = (line: ButtonLine, clock: Clock) => Promise<Disposable>;

const POLL_MS = 20;
const BAUD_RATE = 9600;
/** `0`, `.` and ends of lines: the circuit is closed, all is well. Every other byte is a press. */
const CALM_BYTES: ReadonlySet<number> = new Set([...'0.\r\n'].map((sign) => sign.charCodeAt(0)));

/** The source that the setting names; undefined = none is set. */
export function buttonSource(setting: string): OpenButtonSource | undefined {
  const [kind = '', ...rest] = setting.split(':');
  const address = rest.join(':');
  switch (kind) {
    case 'file':
      return fileSource(address);
    case 'serial':
      return serialSource(address);
    case 'hid':
      return hidSource(address);
    default:
      return undefined;
  }
}

function feed(line: ButtonLine, bytes: Uint8Array): void {
  for (const byte of bytes) {
    if (CALM_BYTES.has(byte)) line.released();
    else line.pressed();
  }
}

/** A FIFO, a terminal or a device file. Read without waiting: a FIFO that nobody has open for writing ends at once, and that is a lost button. */
function fileSource(path: string): OpenButtonSource {
  return async (line, clock) => {
    let timer: Timer | undefined;
    let file: number | undefined;
    const buffer = Buffer.alloc(256);
    const lose = (why: string): void => {
      if (file !== undefined) closeSync(file);
      file = undefined;
      line.lost(why);
    };
    const poll = (): void => {
      if (file === undefined) return;
      try {
        const count = readSync(file, buffer, 0, buffer.length, null);
        if (count === 0) return lose('end of file');
        feed(line, buffer.subarray(0, count));
      } catch (error) {
        if (errorCode(error) !== 'EAGAIN') return lose(errorCode(error) ?? 'read error');
      }
      timer = clock.after(POLL_MS, poll);
    };
    try {
      file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      poll();
    } catch (error) {
      lose(errorCode(error) ?? 'cannot be opened');
    }
    return {
      dispose() {
        timer?.cancel();
        if (file !== undefined) closeSync(file);
        file = undefined;
      },
    };
  };
}

function serialSource(address: string): OpenButtonSource {
  const [path = '', baud] = address.split('@');
  return async (line) => {
    try {
      // Loaded only where such a button is set: it brings a native part.
      const { SerialPort } = await import('serialport');
      const port = new SerialPort({ path, baudRate: baud === undefined ? BAUD_RATE : Number(baud), autoOpen: false });
      port.on('data', (bytes: Buffer) => feed(line, bytes));
      port.on('error', (error: Error) => line.lost(error.message));
      port.on('close', () => line.lost('closed'));
      port.open((error) => error && line.lost(error.message));
      return {
        dispose() {
          line.close();
          if (port.isOpen) port.close(() => undefined);
        },
      };
    } catch (error) {
      line.lost(error instanceof Error ? error.message : 'serialport');
      return { dispose: () => undefined };
    }
  };
}

function hidSource(address: string): OpenButtonSource {
  const [vendor = 0, product = 0] = address.split(':').map((part) => Number.parseInt(part, 16));
  return async (line) => {
    try {
      const { HIDAsync } = await import('node-hid');
      const device = await HIDAsync.open(vendor, product);
      device.on('data', (report: Buffer) => {
        // A report at rest is all zeros; HID devices send one only when something changes, so nothing is asked of their silence.
        if (report.some((byte) => byte !== 0)) line.pressed();
      });
      device.on('error', (error: Error) => line.lost(error.message));
      return {
        async dispose() {
          line.close();
          await device.close().catch(() => undefined);
        },
      };
    } catch (error) {
      line.lost(error instanceof Error ? error.message : 'node-hid');
      return { dispose: () => undefined };
    }
  };
}
