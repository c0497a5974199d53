export { engineThreads } from './engine-threads.ts';
export { readEngineTrust } from './engine-trust.ts';
export { createLocalLanguageEngine } from './local-language-model.ts';
export type { LanguageWorker, LocalLanguageEngine } from './local-language-model.ts';
