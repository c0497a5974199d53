export { isVoiceServerSetting, voiceServerOf, voiceServerSettings } from './voice-server-config.ts';
