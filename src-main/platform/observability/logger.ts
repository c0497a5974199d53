import { join } from 'node:path';
import { pino } from 'pino';
import type { Disposable } from '../../base/dispose.ts';
import type { Log, LogLine } from '../../base/log.ts';
import { createLogFile } from './log-file.ts';
import { redactFields, scrubText } from './redaction.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The app's log: one JSON object a line in `logs/openclaw.log`, at most 6 × 2 MB. What may stand in it is decided in redaction.ts. */
export interface Logger extends Log, Disposable {
  setLevel(level: LogLevel): void;
}

const MAX_BYTES = 2 * 1024 * 1024;
const KEEP_COUNT = 5;

export function createLogger(options: {
  dataDirectory: string;
  level: LogLevel;
  /** Takes credentials out of the line that is about to be written, whatever field, error or stack they stand in. */
  redact?: (line: string) => string;
  /** For developers: the same lines, readable. Absent = nothing is printed. */
  terminal?: { write(text: string): unknown };
}): Logger {
  const file = createLogFile({ file: join(options.dataDirectory, 'logs', 'openclaw.log'), maxBytes: MAX_BYTES, keepCount: KEEP_COUNT });
  const destination = {
    write(line: string) {
      const clean = redactedLine(line, options.redact);
      file.write(clean);
      options.terminal?.write(toReadable(clean));
    },
  };
  const writer = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  const lineOf = (level: LogLevel): LogLine => {
    return (message, fields) => {
      if (!writer.isLevelEnabled(level)) return;
      writer[level](redactFields(fields ?? {}, writer.level === 'debug'), scrubText(message));
    };
  };

  return {
    debug: lineOf('debug'),
    info: lineOf('info'),
    warn: lineOf('warn'),
    error: lineOf('error'),
    setLevel(level) {
      writer.level = level;
    },
    dispose: () => file.close(),
  };
}

/** Redaction by value, on the line as it is. A line that is no JSON any more afterwards is given up but for what is never secret. */
function redactedLine(line: string, redact: ((line: string) => string) | undefined): string {
  const clean = redact?.(line) ?? line;
  if (clean === line) return line;
  try {
    JSON.parse(clean);
    return clean;
  } catch {
    const { level, time } = JSON.parse(line) as Record<string, unknown>;
    return `${JSON.stringify({ level, time, message: '[secret]' })}\n`;
  }
}

/** `19:04:11 warn  worker.exit worker=language code=1` */
function toReadable(line: string): string {
  const { level, time, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${[String(time).slice(11, 19), String(level).padEnd(5), String(message), ...rest].join(' ')}\n`;
}
