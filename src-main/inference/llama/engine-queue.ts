/** One piece of work at a time, in the order of the calls. */
export interface EngineQueue {
  /** Work that somebody waits for. Makes replaceable work before it give way. */
  run<Value>(task: () => Promise<Value>): Promise<Value>;
  /** Work done ahead of time: its signal aborts as soon as anything else is asked for, and it is left out when it has not begun by then. */
  runReplaceable(task: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

export function createEngineQueue(): EngineQueue {
  let tail: Promise<unknown> = Promise.resolve();
  let replaceable: AbortController | undefined;

  const append = <Value>(task: () => Promise<Value>): Promise<Value> => {
    replaceable?.abort();
    replaceable = undefined;
    const running = tail.then(task);
    tail = running.catch(() => undefined);
    return running;
  };

  return {
    run: append,
    runReplaceable(task) {
      const controller = new AbortController();
      const running = append(async () => {
        if (!controller.signal.aborted) await task(controller.signal);
      });
      replaceable = controller;
      return running;
    },
  };
}
