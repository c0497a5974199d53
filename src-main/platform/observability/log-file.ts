import { closeSync, mkdirSync, openSync, renameSync, rmSync, fstatSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that never grows beyond its bounds. Never throws: a full or read-only disk loses lines, not the app. */
export interface LogFile {
  write(line: string): void;
  close(): void;
}

/**
 * Opens the file for appending. When it would pass `maxBytes` it becomes `<file>.1`, the former `.1` becomes `.2`, and so on up to `keepCount`.
 * Writes are synchronous: a line is a few microseconds into the page cache, and the last lines before a crash are the ones that matter.
 */
export function createLogFile(options: { file: string; maxBytes: number; keepCount: number }): LogFile {
  const { file, maxBytes, keepCount } = options;
  let descriptor: number | undefined;
  let sizeBytes = 0;

  const open = (): number => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const opened = openSync(file, 'a', 0o600);
    sizeBytes = fstatSync(opened).size;
    return opened;
  };
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  const rotate = (): void => {
    close();
    rmSync(`${file}.${keepCount}`, { force: true });
    for (let number = keepCount - 1; number >= 0; number -= 1) {
      try {
        renameSync(number === 0 ? file : `${file}.${number}`, `${file}.${number + 1}`);
      } catch {
        // That one does not exist yet.
      }
    }
  };

  return {
    write(line) {
      try {
        descriptor ??= open();
        const bytes = Buffer.from(line);
        if (sizeBytes > 0 && sizeBytes + bytes.length > maxBytes) {
          rotate();
          descriptor = open();
        }
        sizeBytes += writeSync(descriptor, bytes);
      } catch {
        // Tried again with the next line, from opening on.
        try {
          close();
        } catch {
          descriptor = undefined;
        }
      }
    },
    close,
  };
}
