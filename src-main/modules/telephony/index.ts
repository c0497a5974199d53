export type * from './telephony.ts';
export type { CallHint, CallNotice, CallVoice, MediaLegs, VoiceEvent, VoiceRole } from './calls/call-ports.ts';
export { telephonySettings } from './telephony-config.ts';
export { createTelephony, type Telephony } from './telephony-service.ts';
export { createTelephonyHandlers } from './telephony-handlers.ts';
export { phoneIntent } from './phone-intent.ts';
export { createPhoneTools } from './phone-tools.ts';
