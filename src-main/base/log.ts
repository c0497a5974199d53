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

/** A log for what happens before the real one is there. */
export interface EarlyLog extends Log {
  /** From now on everything goes to `log`, after what was kept. */
  use(log: Log): void;
}

const MAX_KEPT_LINES = 200;

/** Keeps its first lines until it knows where they belong. */
export function createEarlyLog(): EarlyLog {
  let target: Log | undefined;
  const kept: { level: keyof Log; message: string; fields: Parameters<LogLine>[1] }[] = [];
  const lineOf =
    (level: keyof Log): LogLine =>
    (message, fields) => {
      if (target !== undefined) target[level](message, fields);
      else if (kept.length < MAX_KEPT_LINES) kept.push({ level, message, fields });
    };
  return {
    debug: lineOf('debug'),
    info: lineOf('info'),
    warn: lineOf('warn'),
    error: lineOf('error'),
    use(log) {
      target = log;
      for (const { level, message, fields } of kept.splice(0)) log[level](message, fields);
    },
  };
}
