export { languageSettings } from './language-config.ts';
export { createLanguage } from './language-service.ts';
export type { Language, LanguageDeps, LanguageHandlers, LanguageStatus } from './language-service.ts';
