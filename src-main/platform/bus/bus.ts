import type { Unsubscribe } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';

/**
 * In-process topics. A topic is a fact named noun.verb (`transcript.final`), never a request: whoever publishes does not know who listens.
 * `Topics` maps each name to its payload; a module declares its own in `<m>-events.ts`, and compose joins the maps (`A & B`).
 * A bus over the joined map fits wherever a bus over one of its parts is asked for. Nothing is kept: who subscribes later has missed it.
 */
export interface Bus<Topics extends object> {
  /** Calls the listeners at once, in the order of subscription. One that fails is logged and does not stop the others. */
  publish<Name extends keyof Topics & string>(topic: Name, payload: Topics[Name]): void;
  subscribe<Name extends keyof Topics & string>(topic: Name, listener: (payload: Topics[Name]) => void | Promise<void>): Unsubscribe;
}

type Listener = (payload: never) => void | Promise<void>;

export function createBus<Topics extends object>(deps: { log: Log }): Bus<Topics> {
  const listeners = new Map<string, Set<Listener>>();
  const failed = (topic: string, error: unknown): void => deps.log.error('A listener failed', { topic, error });

  return {
    publish(topic, payload) {
      // A copy: who subscribes or leaves while this fact is told does not change who hears it, except that whoever has left hears nothing.
      const current = listeners.get(topic) ?? new Set<Listener>();
      const atPublish = Array.from(current);
      for (const listener of atPublish) {
        if (!current.has(listener)) continue;
        try {
          const running = listener(payload as never);
          if (running) running.catch((error: unknown) => failed(topic, error));
        } catch (error) {
          failed(topic, error);
        }
      }
    },
    subscribe(topic, listener) {
      const current = listeners.get(topic) ?? new Set<Listener>();
      listeners.set(topic, current);
      // Wrapped, so that the same function subscribed twice counts twice.
      const own: Listener = (payload) => listener(payload);
      current.add(own);
      return () => {
        current.delete(own);
      };
    },
  };
}
