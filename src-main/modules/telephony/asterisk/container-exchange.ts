import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Unsubscribe } from '../../../base/dispose.ts';
import { AppError, toErrorData, type ErrorData } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { findEngine, type Engine } from '../../../platform/docker/index.ts';
import type { WatchedThing } from '../../killswitch/index.ts';
import { phoneError } from '../telephony-errors.ts';
import type { Exchange, ExchangeState } from '../telephony.ts';
import { startAsterisk, sweepExchanges, type AsteriskContainer } from './asterisk-container.ts';
import { checkByAsterisk, firstProblem, hasBooted } from './check-by-asterisk.ts';
import { renderConfiguration } from './configuration.ts';
import { isSame, prepareFolders, readLogFrom, writeFiles, type Files } from './configuration-folder.ts';
import { actingUser, exchangeContainer } from './container-spec.ts';
import { exchangeError, inOurWords } from './exchange-errors.ts';
import { exchangeImage, imageToStart, newestImage } from './exchange-image.ts';
import {
  doorOf,
  isAboutWishes,
  isAnswering,
  isOutdated,
  newLife,
  pause,
  planOf,
  rethrow,
  settingsWith,
  sipMustBeFree,
  someLife,
  waitForAri,
  wishOf,
  type ExchangeWishes,
  type Prepared,
  type Running,
} from './exchange-start.ts';
import { createExchangeSteps } from './exchange-steps.ts';
import { watchHealth, watchLateHosts } from './exchange-watch.ts';
import { createLastGood } from './last-good.ts';
import { readRegistrations } from './registrations.ts';
import { enabledTrunks, SOFTPHONE, type RenderSettings } from './render-settings.ts';

/** Pauses before each new start; the last one repeats until it is given up. */
const RESTART_PAUSES_MS = [200, 1_000, 3_000, 10_000, 30_000];
const MAX_RESTARTS = 8;
/** Counted anew after it has run for so long. */
const STABLE_MS = 120_000;
const GRACE_SECONDS = 2;
const IDLE_LOOK_MS = 2_000;
const RELOAD_SETTLE_MS = 400;

export interface ContainerExchangeDeps {
  clock: Clock;
  log: Log;
  dockerHost: string | undefined;
  dataDirectory: string;
  cacheDirectory: string;
  /** `resources/asterisk`. */
  recipeFolder: string;
  /** As the owner wants it now; asked at every start and at `apply`. */
  wishes: () => Promise<ExchangeWishes> | ExchangeWishes;
  /** Throws while the off-switch forbids calls: nothing starts then. */
  mayStart: () => void;
  /** The off-switch ends an image that is being built with it. */
  whenShut: () => AbortSignal;
  /** Told of every container, so that it can be ended when this process cannot. */
  watch?: (thing: WatchedThing) => Unsubscribe;
  platform?: NodeJS.Platform;
  random?: () => number;
  /** For tests: how the files are made. */
  render?: (settings: RenderSettings) => Files;
}

/** Asterisk in a container of ours. Nothing is looked for and nothing starts before `setUp`. */
export function createContainerExchange(deps: ContainerExchangeDeps): Exchange {
  const { clock, log, platform = process.platform, random = Math.random, render = renderConfiguration } = deps;
  const instance = createHash('sha256').update(deps.dataDirectory).digest('hex').slice(0, 16);
  const namePrefix = `openclaw-asterisk-${instance.slice(0, 8)}`;
  const base = join(deps.dataDirectory, 'phone');
  const image = exchangeImage(deps);
  const lastGood = createLastGood(base);
  const listeners = new Set<(state: ExchangeState) => void>();
  let state: ExchangeState = { state: 'off' };
  let running: Running | undefined;
  const alive = new Set<AsteriskContainer>();
  /** Containers that the engine has, by id, also those that are being made or only looked at. */
  const made = new Map<string, { engine: Engine; unwatch: Unsubscribe }>();
  /** Counts starts, stops and kills: what belongs to an earlier one has no say any more. */
  let generation = 0;
  let restarts = 0;
  let timer: Timer | undefined;
  /** What looks after the running container. */
  let watches: Unsubscribe[] = [];
  let building: Promise<string> | undefined;
  let settingUp: { of: number; done: Promise<void> } | undefined;
  /** One change of the configuration after the other. */
  let queue: Promise<unknown> = Promise.resolve();

  const setState = (next: ExchangeState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const steps = createExchangeSteps(['docker', 'image', 'configuration', 'container', 'control'], () => {
    for (const listener of listeners) listener(state);
  });
  /** One change after the other; what a turn rejects with is for whoever has asked for it. */
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const later = (what: string, work: Promise<unknown>): void => {
    work.catch((error: unknown) => log.warn(what, { ...toErrorData(error) }));
  };
  const stopLooking = (): void => {
    timer?.cancel();
    for (const stop of watches.splice(0)) stop();
  };
  const created = (engine: Engine, { id }: { id: string }): void => {
    const unwatch = deps.watch?.({ kind: 'container', id });
    made.set(id, { engine, unwatch: unwatch ?? (() => undefined) });
  };
  const forget = (id: string): void => {
    made.get(id)?.unwatch();
    made.delete(id);
  };
  const remove = async (container: AsteriskContainer, graceSeconds = 0): Promise<void> => {
    await container.remove({ graceSeconds });
    alive.delete(container);
    forget(container.id);
  };
  /** Throws what forbids going on: the off-switch, an abort, a stop meanwhile. */
  const mayGoOn = (of: number, signal?: AbortSignal): void => {
    signal?.throwIfAborted();
    if (of !== generation) throw new AppError('request.aborted', 'The telephone exchange was stopped meanwhile.');
    deps.mayStart();
  };

  const check = async (prepared: Prepared, signal?: AbortSignal): Promise<void> => {
    const { engine, settings, files, owner } = prepared;
    const configuration = join(base, 'check');
    let id: string | undefined;
    try {
      await writeFiles(configuration, files, owner);
      const wish = { ...wishOf({ ...prepared, settings }, instance), configuration };
      const found = (container: { id: string }): void => created(engine, { id: (id = container.id) });
      await checkByAsterisk({ engine, clock, wish, files, namePrefix, created: found, ...(signal ? { signal } : {}) });
    } catch (error) {
      throw inOurWords(error);
    } finally {
      if (id !== undefined) forget(id);
      await rm(configuration, { recursive: true, force: true });
    }
  };

  const prepare = async (of: number, signal?: AbortSignal, findsImage = imageToStart): Promise<Prepared> => {
    const engine = await steps.run('docker', () => findEngine({ dockerHost: deps.dockerHost, platform }).catch(rethrow));
    mayGoOn(of, signal);
    const found = await steps.run('image', (progress) => findsImage(image, engine, progress, deps.whenShut()).catch(rethrow));
    mayGoOn(of, signal);
    const owner = actingUser(engine, platform);
    const configured = async (wishes: ExchangeWishes, trouble: ErrorData | null): Promise<Prepared> => {
      // What an earlier life has left holds the ports.
      await sweepExchanges(engine, instance, new Set()).catch(rethrow);
      const folders = await prepareFolders(base, owner);
      await sipMustBeFree(wishes);
      const settings = await settingsWith(wishes, await newLife(random), base, clock.wallMs());
      const prepared = { ...found, engine, folders, owner, settings, files: render(settings), trouble };
      mayGoOn(of, signal);
      await check(prepared, signal);
      await writeFiles(folders.configuration, prepared.files, owner);
      return prepared;
    };
    const wishes = await deps.wishes();
    try {
      const prepared = await steps.run('configuration', () => configured(wishes, null));
      await lastGood.write(wishes);
      return prepared;
    } catch (error) {
      const told = inOurWords(error);
      if (!isAboutWishes(told)) throw told;
      // It may be the image that does not know what this version writes.
      if (found.hasEarlierImage) return prepare(of, signal, newestImage);
      const good = await lastGood.read();
      if (good === undefined) throw told;
      log.warn('phone.last-good-used', { ...toErrorData(told) });
      // The step stays marked with what is wrong.
      return configured({ ...wishes, ...good }, toErrorData(told)).catch((second: unknown) => {
        throw isAboutWishes(inOurWords(second)) ? told : second;
      });
    }
  };

  const open = async (prepared: Prepared, of: number, signal?: AbortSignal): Promise<AsteriskContainer> => {
    const { engine, folders, settings } = prepared;
    await sipMustBeFree(settings);
    mayGoOn(of, signal);
    let id: string | undefined;
    const found = (container: { id: string }): void => created(engine, { id: (id = container.id) });
    const container = await startAsterisk(engine, exchangeContainer(wishOf(prepared, instance)), { namePrefix, created: found }).catch(
      (error: unknown) => {
        if (id !== undefined) forget(id);
        throw inOurWords(error);
      },
    );
    alive.add(container);
    try {
      mayGoOn(of, signal);
      if (await hasBooted(container, clock, signal)) return container;
      const problem = firstProblem(await container.output().catch(() => '')) ?? 'it does not come up';
      throw exchangeError('phone.exchange-not-started', { problem, folder: folders.log });
    } catch (error) {
      await remove(container);
      throw error;
    }
  };

  const start = async (prepared: Prepared, of: number, signal?: AbortSignal): Promise<void> => {
    if (state.state !== 'setting-up') setState({ state: 'starting' });
    const container = await steps.run('container', () => open(prepared, of, signal));
    try {
      const version = await steps.run('control', () => waitForAri(clock, doorOf(prepared.settings), signal));
      mayGoOn(of, signal);
      begin({ ...prepared, container, version, started: prepared }, of);
    } catch (error) {
      await remove(container);
      throw error;
    }
  };

  const begin = (life: Running, of: number): void => {
    const startedMs = clock.nowMs();
    void life.container.ended.then(async (code) => {
      await remove(life.container);
      if (of !== generation) return;
      if (clock.nowMs() - startedMs > STABLE_MS) restarts = 0;
      log.warn('phone.exchange-ended', { code, name: life.container.name });
      recover(of);
    });
    lookAfter(life);
    if (life.hasEarlierImage) later('phone.image-not-renewed', renew(life));
    else later('phone.image-not-removed', image.removeReplaced(life.engine));
    // What was changed while it started.
    if (life.trouble === null) later('phone.not-applied', enqueue(apply));
  };

  const announce = ({ started: { settings }, version, trouble }: Running): void => {
    const { url, user, password } = doorOf(settings);
    const addresses = { http: url, ariUser: user, ariPassword: password, sipPort: settings.sipPort };
    setState({ state: 'ready', addresses, version, ...(trouble && { trouble }) });
  };

  /** From now on this is what is wanted of the container that runs. */
  function lookAfter(life: Running): void {
    stopLooking();
    running = life;
    announce(life);
    watches = [
      watchHealth({
        clock,
        answers: () => isAnswering(life.settings),
        onSilent() {
          if (running !== life) return;
          log.warn('phone.exchange-silent', { name: life.container.name });
          // One that is frozen does not die of a signal; the engine thaws what it removes.
          void life.container.kill().then(() => remove(life.container));
        },
      }),
      watchLateHosts(clock, life),
    ];
  }

  /** Builds the image of the new recipe while the one before serves, and changes over when no call is going on. */
  async function renew({ engine }: Running): Promise<void> {
    building ??= image
      .build(engine, () => undefined, deps.whenShut())
      .finally(() => {
        building = undefined;
      });
    const imageId = await building;
    await enqueue(async () => {
      const before = running;
      if (!before?.hasEarlierImage) return;
      deps.mayStart();
      const life = { ...before, imageId, hasEarlierImage: false };
      await check(life);
      if (running !== before) return;
      lookAfter(life);
      await restartWhenIdle(life);
    });
  }

  /** It has ended without being told to. */
  function recover(of: number): void {
    const before = running;
    running = undefined;
    stopLooking();
    if (!before) return;
    if (restarts >= MAX_RESTARTS)
      return breakDown(
        exchangeError('phone.exchange-not-started', { problem: 'it has ended again and again', folder: before.folders.log }),
      );
    const pauseMs = RESTART_PAUSES_MS[Math.min(restarts, RESTART_PAUSES_MS.length - 1)] ?? 0;
    restarts += 1;
    setState({ state: 'starting' });
    timer = clock.after(pauseMs, () => {
      if (of !== generation) return;
      // The files are good; only when it fails again with them is everything made anew, ports included.
      const again = restarts <= 1 ? start(planOf(before), of) : prepare(of).then((prepared) => start(prepared, of));
      again.catch((error: unknown) => {
        if (of !== generation) return;
        log.warn('phone.exchange-not-restarted', { error });
        if (isShut()) return breakDown(inOurWords(error));
        running = before;
        recover(of);
      });
    });
  }

  const isShut = (): boolean => {
    try {
      deps.mayStart();
      return false;
    } catch {
      return true;
    }
  };

  function breakDown(error: AppError): void {
    generation += 1;
    stopLooking();
    running = undefined;
    setState({ state: 'broken', error: toErrorData(error) });
  }

  const setUp = async (signal?: AbortSignal): Promise<void> => {
    deps.mayStart();
    generation += 1;
    const of = generation;
    restarts = 0;
    stopLooking();
    running = undefined;
    await Promise.all([...alive].map((container) => remove(container, GRACE_SECONDS)));
    steps.reset();
    setState({ state: 'setting-up' });
    try {
      await start(await prepare(of, signal), of, signal);
    } catch (error) {
      const told = inOurWords(error);
      // Whoever has stopped it meanwhile has said how it is.
      if (of === generation) breakDown(told);
      throw told;
    }
  };

  const apply = async (): Promise<void> => {
    const of = running;
    const wishes = await deps.wishes();
    const settings = await settingsWith(wishes, of?.settings ?? someLife, base, clock.wallMs());
    // At least what can be seen without an Asterisk.
    const files = render(settings);
    if (!of) return;
    if (isSame(of.files, files) && of.trouble === null) return;
    deps.mayStart();
    if (settings.sipPort !== of.started.settings.sipPort) await sipMustBeFree(settings);
    await check({ ...of, settings, files });
    // It was started anew meanwhile, with what was wanted before.
    if (running !== of) return apply();
    await writeFiles(of.folders.configuration, files, of.owner);
    const next: Running = { ...of, settings, files, trouble: null };
    if (!isOutdated(next)) await reload(next, of);
    if (running !== of) return apply();
    await lastGood.write(wishes);
    lookAfter(next);
    // No step says any more what was wrong at the start.
    if (of.trouble !== null) await steps.run('configuration', () => Promise.resolve());
    await restartWhenIdle(next);
  };

  /** Takes files over that are written already. Rejects with Asterisk's words; then those of before are back. */
  const reload = async ({ container, folders, owner }: Running, before: Running): Promise<void> => {
    try {
      const { size } = await readLogFrom(folders.log, 0);
      await container.console('core reload');
      await pause(clock, RELOAD_SETTLE_MS);
      const problem = firstProblem((await readLogFrom(folders.log, size)).lines.filter((line) => /\bERROR\[/.test(line)).join('\n'));
      if (problem !== undefined) throw phoneError('phone.bad-configuration', { problem });
    } catch (error) {
      await writeFiles(folders.configuration, before.files, owner);
      await container.console('core reload').catch(() => undefined);
      throw inOurWords(error);
    }
  };

  /** Sockets are opened, and images changed, at a start only. No call is cut for it: until the last one is over the owner is told that it waits. */
  async function restartWhenIdle(next: Running): Promise<void> {
    if (running !== next || !isOutdated(next)) return;
    const words = await next.container.console('core show channels count').catch(() => '');
    // One that has ended is started anew as it is wanted anyway.
    if (running !== next || !next.container.isAlive()) return;
    if (/^0 active channels/m.test(words)) return restart(next);
    const trouble = toErrorData(exchangeError('phone.restart-waits'));
    if (state.state === 'ready' && state.trouble?.code !== trouble.code) setState({ ...state, trouble });
    timer = clock.after(IDLE_LOOK_MS, () =>
      later(
        'phone.exchange-not-restarted',
        enqueue(() => restartWhenIdle(next)),
      ),
    );
  }

  async function restart(next: Running): Promise<void> {
    generation += 1;
    const of = generation;
    stopLooking();
    running = undefined;
    await remove(next.container, GRACE_SECONDS);
    try {
      await start(planOf(next), of);
    } catch (error) {
      const told = inOurWords(error);
      if (of !== generation) throw told;
      log.warn('phone.exchange-not-restarted', { ...toErrorData(told) });
      // What ran before does so still: rather that than no telephone.
      await writeFiles(next.folders.configuration, next.started.files, next.owner);
      await start({ ...next.started, trouble: toErrorData(told) }, of).catch(() => {
        if (of === generation) breakDown(told);
      });
      throw told;
    }
  }

  const end = async (how: (container: AsteriskContainer) => Promise<void>): Promise<string[]> => {
    generation += 1;
    stopLooking();
    running = undefined;
    const ending = [...alive];
    const names = ending.filter((container) => container.isAlive()).map(({ name }) => name);
    const known = new Set(ending.map(({ id }) => id));
    // Those that are not started yet, and those that only look at a configuration.
    for (const [id, { engine }] of made)
      if (!known.has(id)) void engine.ask(() => engine.docker.getContainer(id).remove({ force: true, v: true })).catch(() => undefined);
    await Promise.all(ending.map(how));
    if (state.state !== 'off') setState({ state: 'off' });
    return names;
  };
  const stop = async (): Promise<void> => {
    await end((container) => remove(container, GRACE_SECONDS));
  };

  return {
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    steps: () => steps.list(),
    setUp(signal) {
      // One that was stopped meanwhile is on its way out.
      if (settingUp?.of === generation) return settingUp.done;
      const done = setUp(signal).finally(() => {
        if (settingUp?.done === done) settingUp = undefined;
      });
      settingUp = { of: generation, done };
      return done;
    },
    apply: () => enqueue(apply),
    async registrations() {
      const of = running;
      if (!of) throw phoneError('phone.not-ready');
      const words = await of.container.console('pjsip show registrations', 'pjsip show contacts').catch(rethrow);
      return readRegistrations(enabledTrunks(of.settings), words);
    },
    softphone: () =>
      running && state.state === 'ready'
        ? {
            url: `ws://127.0.0.1:${running.settings.httpPort}/ws`,
            user: SOFTPHONE,
            password: running.settings.softphonePassword,
            realm: 'asterisk',
          }
        : undefined,
    kill: () =>
      end(async (container) => {
        await container.kill();
        // What is left is a name; nobody waits for that.
        void remove(container);
      }),
    stop,
    async dispose() {
      await stop();
      listeners.clear();
    },
  };
}
