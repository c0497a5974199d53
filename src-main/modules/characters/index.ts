export { charactersSettings } from './characters-config.ts';
export { createCharacters } from './characters-service.ts';
export type { Characters, PortraitStudio, PreparedSample, Speaker } from './characters.ts';
