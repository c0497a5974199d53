import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Clock, Timer } from '../../../base/clock.ts';
import { AppError, toErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Exchange, ExchangeState } from '../telephony.ts';
import { phoneError } from '../telephony-errors.ts';
import { askAri, isAnswer, versionSchema, type AriDoor } from './ari-questions.ts';
import { exchangeError } from './exchange-errors.ts';
import { createExchangeSteps } from './exchange-steps.ts';
import { SOFTPHONE, trunkEndpoint } from './render-settings.ts';
import type { Registration } from './registrations.ts';

const OLDEST_VERSION = 20;
const HEALTH_EVERY_MS = 5_000;
const MISSES_ALLOWED = 3;
/** Without these there is no control and no call. */
const NEEDED = [
  'app_stasis.so',
  'res_ari_channels.so',
  'res_ari_bridges.so',
  'res_ari_events.so',
  'res_ari_recordings.so',
  'chan_pjsip.so',
];
/** One of these ways for the assistant's sound. */
const SOUND = [
  ['chan_websocket.so', 'res_websocket_client.so'],
  ['chan_audiosocket.so', 'res_audiosocket.so'],
];

const modulesSchema = z.array(z.object({ name: z.string(), status: z.string() }));
const endpointSchema = z.object({ resource: z.string(), state: z.string().optional() });

export interface ExistingExchangeDeps {
  clock: Clock;
  log: Log;
  /** As the owner has typed it. */
  door: AriDoor;
  /** Trunks that are set up there, by our names for them. */
  trunkIds: () => readonly string[];
  /** SIP port of that Asterisk. */
  sipPort: number;
  mayStart: () => void;
}

/**
 * An Asterisk that is there already. It is asked what it has and never changed: `apply` looks whether it has our telephone by now, `kill` and `stop` only let go of it.
 * `setUp` rejects with `phone.existing-unreachable`, `phone.existing-refused`, `phone.existing-too-old` or `phone.existing-lacks`.
 */
export function createExistingExchange(deps: ExistingExchangeDeps): Exchange {
  const { clock, log } = deps;
  const url = deps.door.url.replace(/\/+$/, '').replace(/\/ari$/, '');
  const door = { ...deps.door, url };
  const listeners = new Set<(state: ExchangeState) => void>();
  let state: ExchangeState = { state: 'off' };
  let hasSoftphone = false;
  let generation = 0;
  let timer: Timer | undefined;

  const setState = (next: ExchangeState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const steps = createExchangeSteps(['control'], () => setState(state));

  const knowsSoftphone = async (signal?: AbortSignal): Promise<boolean> =>
    isAnswer(await askAri(door, `endpoints/PJSIP/${SOFTPHONE}`, endpointSchema, signal));
  const look = async (signal?: AbortSignal): Promise<string> => {
    const told = await askAri(door, 'asterisk/info?only=system', versionSchema, signal);
    if (!isAnswer(told))
      throw phoneError(told.status === 401 || told.status === 403 ? 'phone.existing-refused' : 'phone.existing-unreachable', { url });
    const { version } = told;
    if (Number.parseInt(version, 10) < OLDEST_VERSION) throw exchangeError('phone.existing-too-old', { url, version });
    const modules = await askAri(door, 'asterisk/modules', modulesSchema, signal);
    if (!isAnswer(modules)) throw phoneError('phone.existing-unreachable', { url });
    const missing = missingModules(modules);
    if (missing.length > 0) throw exchangeError('phone.existing-lacks', { url, modules: missing.join(', ') });
    hasSoftphone = await knowsSoftphone(signal);
    return version;
  };

  function watchHealth(of: number, misses: number): void {
    timer?.cancel();
    timer = clock.after(HEALTH_EVERY_MS, () => {
      void askAri(door, 'asterisk/info?only=system', versionSchema).then((told) => {
        if (of !== generation) return;
        if (isAnswer(told)) {
          if (state.state === 'broken') announce(told.version);
          return watchHealth(of, 0);
        }
        // It is looked for again and again: nobody but its owner can start it.
        if (misses + 1 === MISSES_ALLOWED) {
          log.warn('phone.existing-silent', { url });
          setState({ state: 'broken', error: toErrorData(phoneError('phone.existing-unreachable', { url })) });
        }
        watchHealth(of, misses + 1);
      });
    });
  }
  const announce = (version: string): void =>
    setState({ state: 'ready', addresses: { http: url, ariUser: door.user, ariPassword: door.password, sipPort: deps.sipPort }, version });

  const letGo = (): void => {
    generation += 1;
    timer?.cancel();
    if (state.state !== 'off') setState({ state: 'off' });
  };

  return {
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    steps: () => steps.list(),
    async setUp(signal) {
      deps.mayStart();
      letGo();
      const of = generation;
      steps.reset();
      setState({ state: 'setting-up' });
      try {
        const version = await steps.run('control', () => look(signal));
        if (of !== generation) throw new AppError('request.aborted', 'The connection to the exchange was ended meanwhile.');
        announce(version);
        watchHealth(of, 0);
      } catch (error) {
        if (of === generation) setState({ state: 'broken', error: toErrorData(error) });
        throw error;
      }
    },
    async apply() {
      // One that does not answer just now has not lost it.
      hasSoftphone ||= await knowsSoftphone();
    },
    async registrations() {
      if (state.state !== 'ready') throw phoneError('phone.not-ready');
      const found = await Promise.all(
        deps.trunkIds().map(async (id): Promise<[string, Registration]> => {
          const told = await askAri(door, `endpoints/PJSIP/${trunkEndpoint(id)}`, endpointSchema);
          if (!isAnswer(told)) return [id, 'unregistered'];
          return [id, told.state === 'online' ? 'registered' : 'unreachable'];
        }),
      );
      return new Map(found);
    },
    softphone() {
      if (state.state !== 'ready' || !hasSoftphone) return undefined;
      const password = softphonePasswordOf(door.password);
      return { url: `${url.replace(/^http/, 'ws')}/ws`, user: SOFTPHONE, password, realm: 'asterisk' };
    },
    // It is not ours to end; calls are hung up by control.
    kill() {
      letGo();
      return Promise.resolve([]);
    },
    stop() {
      letGo();
      return Promise.resolve();
    },
    dispose() {
      letGo();
      listeners.clear();
    },
  };
}

/** The softphone's password there: made from the one of ARI, so that the owner can be shown it and nobody has to keep it; it does not lead back. */
export const softphonePasswordOf = (ariPassword: string): string =>
  createHmac('sha256', ariPassword).update('openclaw softphone 1000').digest('hex').slice(0, 32);

/** Names of modules that do not run there; of the two ways for sound, the one that is nearer to complete. */
export function missingModules(modules: z.infer<typeof modulesSchema>): string[] {
  const running = new Set(modules.filter(({ status }) => /^running$/i.test(status)).map(({ name }) => name));
  const lacking = (names: readonly string[]): string[] => names.filter((name) => !running.has(name));
  const sound = SOUND.map(lacking).toSorted((left, right) => left.length - right.length)[0] ?? [];
  return [...lacking(NEEDED), ...sound];
}
