/** Work that must not overlap: whatever shares a key is done one after the other, in the order in which it came. */
interface Turns<Key> {
  /** Resolves or rejects as `work` does; a failure does not stop the next. */
  take<Result>(key: Key, work: () => Promise<Result>): Promise<Result>;
}

export function createTurns<Key>(): Turns<Key> {
  const last = new Map<Key, Promise<unknown>>();
  return {
    take(key, work) {
      const before = last.get(key) ?? Promise.resolve();
      const result = before.then(work, work);
      const end = result.then(
        () => undefined,
        () => undefined,
      );
      last.set(key, end);
      void end.then(() => last.get(key) === end && last.delete(key));
      return result;
    },
  };
}
