/** Writes one line for developers. `fields` are named values; the writer redacts them, so pass values, never sentences with secrets in them. */
export type LogLine = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** What a part needs in order to report. Never throws, never waits. The real one is made by platform/observability. */
export interface Log {
  debug: LogLine;
  info: LogLine;
  warn: LogLine;
  error: LogLine;
}

/** Says nothing. */
export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
