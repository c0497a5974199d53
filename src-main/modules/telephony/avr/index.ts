export { avrSettings, openAudioSocket } from './avr-config.ts';
export type { AvrEngines } from './avr-engines.ts';
export { createAvrService } from './avr-service.ts';
export { createAvrEngines } from './own-engines.ts';
export { avrDialplan, OPEN_AUDIOSOCKET_PORT } from './dialplan.ts';
