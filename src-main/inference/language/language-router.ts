import { AppError } from '../../base/errors.ts';
import type { LanguageModel } from '../contracts/index.ts';
import { failed, notReady } from './language-errors.ts';

/**
 * Where the router stands:
 *
 *   closed --use, or a request after `close`--> opening --opened--> open --use--> opening
 *                                                       --failed--> failed --use, or the next request--> opening
 */
export type RouterState<Backend> =
  /** `backend` is what a request opens again; absent before the first `use`. */
  | { state: 'closed'; backend?: Backend }
  | { state: 'opening'; backend: Backend }
  | { state: 'open'; backend: Backend; model: LanguageModel }
  | { state: 'failed'; backend: Backend; error: AppError };

/** The language model as everybody else sees it: always the same object, whatever is behind it. Requests wait while something is being opened. */
export interface LanguageRouter<Backend> extends LanguageModel {
  state(): RouterState<Backend>;
  onState(listener: (state: RouterState<Backend>) => void): () => void;
  /** Closes what is open and opens this. One after the other; rejects with the error of `open`, which the next request tries again. */
  use(backend: Backend): Promise<void>;
  /** Opens this for the length of `run`, then what was there before. */
  borrow<Value>(backend: Backend, run: (model: LanguageModel) => Promise<Value>): Promise<Value>;
  /** Closes what is open, so that its file may be replaced. The next request opens it again. */
  close(): Promise<void>;
}

export function createLanguageRouter<Backend>(open: (backend: Backend) => Promise<LanguageModel>): LanguageRouter<Backend> {
  const listeners = new Set<(state: RouterState<Backend>) => void>();
  let state: RouterState<Backend> = { state: 'closed' };
  let disposed = false;
  let tail: Promise<unknown> = Promise.resolve();
  /** Changes that are under way or wait for their turn. */
  let pending = 0;

  const setState = (next: RouterState<Backend>): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const serial = <Value>(task: () => Promise<Value>): Promise<Value> => {
    pending += 1;
    const running = tail.then(task).finally(() => (pending -= 1));
    tail = running.catch(() => undefined);
    return running;
  };
  const closeNow = async (): Promise<void> => {
    if (state.state === 'open') await state.model.dispose().catch(() => undefined);
    setState(state.backend === undefined ? { state: 'closed' } : { state: 'closed', backend: state.backend });
  };
  const openNow = async (backend: Backend): Promise<LanguageModel> => {
    await closeNow();
    setState({ state: 'opening', backend });
    try {
      const model = await open(backend);
      setState({ state: 'open', backend, model });
      return model;
    } catch (cause) {
      const error = cause instanceof AppError ? cause : failed('it could not be opened', cause);
      setState({ state: 'failed', backend, error });
      throw error;
    }
  };

  /** Without waiting where possible, since every millisecond here is heard; never with a model that is about to be closed. */
  const withModel = async <Value>(run: (model: LanguageModel) => Promise<Value>): Promise<Value> => {
    if (state.state === 'open' && pending === 0) return run(state.model);
    const { answer } = await serial(async () => {
      if (state.state === 'open') return { answer: run(state.model) };
      if (!disposed && state.backend !== undefined) return { answer: run(await openNow(state.backend)) };
      throw notReady('No language model is chosen. Choose one on the Models page.');
    });
    return answer;
  };
  const model = (): LanguageModel | undefined => (state.state === 'open' ? state.model : undefined);

  return {
    get name() {
      return model()?.name ?? '';
    },
    get contextTokens() {
      return model()?.contextTokens ?? 4096;
    },
    get parameterCount() {
      return model()?.parameterCount;
    },
    get usesTools() {
      return model()?.usesTools;
    },
    get languages() {
      return model()?.languages;
    },
    countTokens: (texts) => withModel((opened) => opened.countTokens(texts)),
    preload: (messages, signal, tools) => withModel((opened) => opened.preload(messages, signal, tools)),
    generate: (messages, options) => withModel((opened) => opened.generate(messages, options)),
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    use: (backend) => serial(async () => void (await openNow(backend))),
    borrow: (backend, run) =>
      serial(async () => {
        const before = state;
        try {
          return await run(await openNow(backend));
        } finally {
          // What was there before comes back even when it fails: its error is then the router's state.
          if (before.state !== 'closed') await openNow(before.backend).catch(() => undefined);
          else {
            await closeNow();
            setState(before);
          }
        }
      }),
    close: () => serial(closeNow),
    dispose() {
      disposed = true;
      return serial(closeNow);
    },
  };
}
