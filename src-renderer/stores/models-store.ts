import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, CallResult, ModelStatus } from '../../src-preload/contract/index.ts';

export interface ModelsState {
  /** Undefined until it was asked for. */
  view: CallResult<'models.list'> | undefined;
  load(): Promise<void>;
}

/** Downloads go on without the page; it only watches. */
export function createModelsStore(bridge: Bridge): StoreApi<ModelsState> {
  const store = createStore<ModelsState>()((set) => ({
    view: undefined,
    async load() {
      set({ view: await bridge.call('models.list', {}) });
    },
  }));
  const setStatus = (modelId: string, status: ModelStatus): void =>
    store.setState(({ view }) =>
      view ? { view: { ...view, models: view.models.map((model) => (model.id === modelId ? { ...model, status } : model)) } } : {},
    );
  bridge.on('models.progress', ({ modelId, status }) => setStatus(modelId, status));
  bridge.on('models.changed', () => {
    if (store.getState().view) void store.getState().load();
  });
  return store;
}
