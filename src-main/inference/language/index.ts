export { languageSettings } from './language-config.ts';
export { createLanguage } from './language-service.ts';
export type { Language } from './language-service.ts';
export { createGatedModel } from './gated-model.ts';
