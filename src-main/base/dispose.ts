/** Something that was opened and must be closed by the one who opened it. Closing twice does nothing. */
export interface Disposable {
  dispose(): void | Promise<void>;
}

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Collects disposables and closes them in reverse order of creation; errors do not stop the others. */
export interface DisposeBag extends Disposable {
  add<Owned extends Disposable | Unsubscribe>(owned: Owned): Owned;
  dispose(): Promise<void>;
}

/** Builds something of many parts. When a later part fails, the earlier ones are closed before its error goes on. */
export async function buildOrDispose<Built>(build: (bag: DisposeBag) => Promise<Built>): Promise<Built> {
  const bag = createDisposeBag();
  try {
    return await build(bag);
  } catch (error) {
    // What failed first is the reason; what did not close because of it is not.
    await bag.dispose().catch(() => undefined);
    throw error;
  }
}

/** Creates an empty {@link DisposeBag}. What is added after disposal is closed at once. */
export function createDisposeBag(): DisposeBag {
  const owned: (Disposable | Unsubscribe)[] = [];
  let disposed = false;
  const close = async (item: Disposable | Unsubscribe): Promise<void> => {
    if (typeof item === 'function') item();
    else await item.dispose();
  };
  return {
    add(item) {
      if (disposed) void close(item);
      else owned.push(item);
      return item;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      const errors: unknown[] = [];
      for (const item of owned.toReversed()) {
        try {
          await close(item);
        } catch (error) {
          errors.push(error);
        }
      }
      owned.length = 0;
      if (errors.length > 0) throw new AggregateError(errors, 'Some resources did not close');
    },
  };
}
