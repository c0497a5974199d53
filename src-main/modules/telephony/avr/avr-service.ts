import type { Disposable } from '../../../base/dispose.ts';
import { toErrorData, type ErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Config } from '../../../platform/config/index.ts';
import { avrEnabled, avrPort } from './avr-config.ts';
import type { AvrEngines } from './avr-engines.ts';
import { openAvrServer, type AvrServer } from './avr-server.ts';

/** The compatibility server as the settings want it: open while it is switched on, anew when its port changes. */
export interface AvrService extends Disposable {
  begin(): void;
  /** Where it listens; undefined while it does not. */
  port(): number | undefined;
  /** Why it does not, although it should. */
  problem(): ErrorData | undefined;
  whenSettled(): Promise<void>;
}

export function createAvrService(deps: {
  config: Pick<Config, 'get' | 'onChange'>;
  engines: AvrEngines;
  /** From the vault; made at the first use. */
  token: () => Promise<string>;
  admit: () => void;
  onProblem: (problem: ErrorData) => void;
  log: Log;
}): AvrService {
  const { config, engines, admit, log } = deps;
  let open: { server: AvrServer; wantedPort: number } | undefined;
  let problem: ErrorData | undefined;
  let disposed = false;
  let work: Promise<void> = Promise.resolve();

  const apply = async (): Promise<void> => {
    const wantedPort = !disposed && config.get(avrEnabled) ? config.get(avrPort) : undefined;
    if (open?.wantedPort === wantedPort) return;
    await open?.server.dispose();
    open = undefined;
    problem = undefined;
    if (wantedPort === undefined) return;
    try {
      open = { server: await openAvrServer({ engines, port: wantedPort, token: await deps.token(), admit, log }), wantedPort };
    } catch (error) {
      problem = toErrorData(error);
      log.warn('avr.not-open', { code: problem.code });
      deps.onProblem(problem);
    }
  };
  const settle = (): Promise<void> => {
    work = work.then(apply);
    return work;
  };
  const unsubscribe = config.onChange(({ key }) => {
    if (key === avrEnabled.key || key === avrPort.key) void settle();
  });
  return {
    begin: () => void settle(),
    port: () => open?.server.port,
    problem: () => problem,
    whenSettled: () => work,
    async dispose() {
      disposed = true;
      unsubscribe();
      await settle();
    },
  };
}
