export * from './history-store.ts';
export * from './store.ts';
