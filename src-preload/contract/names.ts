import type { CallName } from './calls.ts';
import type { EventName } from './events.ts';

/**
 * The names alone, without the schemas: the preload runs before the first paint and must not load zod.
 * `satisfies` and a test keep them equal to the maps.
 */
export const callNames = [
  'app.snapshot',
  'app.setLocale',
  'app.finishFirstRun',
  'app.dismissNotice',
  'app.restartPart',
  'app.openExternal',
  'session.start',
  'session.stop',
  'session.snapshot',
  'session.setMode',
  'session.setMuted',
  'session.setConversation',
  'session.press',
  'session.reportInput',
  'playback.report',
  'turn.stop',
  'turn.send',
  'turn.regenerate',
  'turn.readAloud',
  'conversations.list',
  'conversations.create',
  'conversations.rename',
  'conversations.delete',
  'conversations.restore',
  'conversations.messages',
  'conversations.search',
  'conversations.export',
  'settings.list',
  'settings.set',
  'settings.reset',
  'secrets.set',
  'secrets.status',
  'models.list',
  'models.download',
  'models.pause',
  'models.cancel',
  'models.delete',
  'models.use',
  'models.import',
  'models.setBackend',
  'models.testBackend',
  'voice.test',
  'voice.list',
  'store.backups',
  'store.restoreBackup',
  'app.vitals',
  'doctor.run',
] as const satisfies readonly CallName[];

export const eventNames = [
  'app.changed',
  'app.notice',
  'app.parts',
  'session.changed',
  'playback.command',
  'transcript.partial',
  'message.added',
  'message.changed',
  'message.removed',
  'answer.progress',
  'turn.latency',
  'conversations.changed',
  'settings.changed',
  'models.progress',
  'models.changed',
  'shell.command',
] as const satisfies readonly EventName[];

/** The two IPC channels and the one that carries ports; nothing else is ever used. */
export const CALL_CHANNEL = 'openclaw:call';
export const EVENT_CHANNEL = 'openclaw:event';
export const PORT_CHANNEL = 'openclaw:port';
