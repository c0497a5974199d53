import type { Log, LogLine } from '../../src-main/base/log.ts';

export interface RecordedLine {
  level: keyof Log;
  message: string;
  fields: Parameters<LogLine>[1];
}

/** A log that keeps its lines. */
export interface RecordingLog extends Log {
  readonly lines: RecordedLine[];
  /** The messages of one level. */
  messages(level: keyof Log): string[];
}

export function createRecordingLog(): RecordingLog {
  const lines: RecordedLine[] = [];
  const lineOf =
    (level: keyof Log): LogLine =>
    (message, fields) =>
      void lines.push({ level, message, fields });
  return {
    lines,
    messages: (level) => lines.filter((line) => line.level === level).map((line) => line.message),
    debug: lineOf('debug'),
    info: lineOf('info'),
    warn: lineOf('warn'),
    error: lineOf('error'),
  };
}
