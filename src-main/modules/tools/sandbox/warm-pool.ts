import type { Log } from '../../../base/log.ts';
import type { SandboxContainer } from './sandbox-container.ts';

/** A kind of container: what it may touch. Equal keys are interchangeable. */
export interface WarmKind<Grant> {
  key: string;
  grant: Grant;
}

export interface WarmContainer<Opened extends { container: SandboxContainer }> {
  key: string;
  opened: Opened;
}

/** Containers that wait for their one run, so that nobody waits for them. */
export interface WarmPool<Grant, Opened extends { container: SandboxContainer }> {
  /** One of this kind, which is then the caller's; undefined = none is ready. */
  take(kind: WarmKind<Grant>): Opened | undefined;
  /** Makes in the background what is missing; does nothing while the pool is closed. */
  fill(): void;
  /** Lets go of all that wait; whoever holds them removes them. Nothing is made until `open`. */
  close(): void;
  open(): void;
  size(): number;
}

/** Of the kinds that were asked for last, this many are kept warm beside the usual ones. */
const REMEMBERED_KINDS = 2;

/** One container of each wanted kind. They are made one after the other: starting one takes most of a core. */
export function createWarmPool<Grant, Opened extends { container: SandboxContainer }>(deps: {
  usual: () => Promise<readonly WarmKind<Grant>[]>;
  make: (grant: Grant) => Promise<Opened>;
  discard: (opened: Opened) => void;
  log: Log;
}): WarmPool<Grant, Opened> {
  let ready: WarmContainer<Opened>[] = [];
  let recent: WarmKind<Grant>[] = [];
  let isOpen = false;
  let filling = false;

  const next = async (): Promise<WarmKind<Grant> | undefined> => {
    for (const dead of ready.filter(({ opened }) => !opened.container.isAlive())) deps.discard(dead.opened);
    ready = ready.filter(({ opened }) => opened.container.isAlive());
    const wanted = [...recent, ...(await deps.usual())];
    return wanted.find(({ key }) => !ready.some((each) => each.key === key));
  };
  const work = async (): Promise<void> => {
    for (let kind = await next(); kind !== undefined; kind = await next()) {
      if (!isOpen) return;
      const opened = await deps.make(kind.grant);
      // Closed meanwhile: it came too late.
      if (isOpen) ready.push({ key: kind.key, opened });
      else deps.discard(opened);
    }
  };

  const pool: WarmPool<Grant, Opened> = {
    take(kind) {
      recent = [kind, ...recent.filter(({ key }) => key !== kind.key)].slice(0, REMEMBERED_KINDS);
      const index = ready.findIndex(({ key, opened }) => key === kind.key && opened.container.isAlive());
      return index < 0 ? undefined : ready.splice(index, 1)[0]?.opened;
    },
    fill() {
      if (!isOpen || filling) return;
      filling = true;
      work()
        // The next run makes its own and says what is wrong.
        .catch((error: unknown) => {
          recent = [];
          deps.log.debug('sandbox.pool-not-filled', { error });
        })
        .finally(() => {
          filling = false;
        });
    },
    close() {
      isOpen = false;
      ready = [];
    },
    open() {
      isOpen = true;
    },
    size: () => ready.length,
  };
  return pool;
}
