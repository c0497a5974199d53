import { z } from 'zod';
import { phoneEvents } from './phone-events.ts';
import { answerProgressSchema, messageSchema } from './conversations.ts';
import { handsEvents } from './hands-events.ts';
import { modelStatusSchema } from './models.ts';
import { playbackCommandSchema, sessionSnapshotSchema, turnLatencySchema } from './session.ts';
import { appSnapshotSchema, noticeSchema, partStatusSchema, settingSchema } from './system.ts';

/** Everything the core tells a window or page. Events are not replayed: after a reconnect the page asks for snapshots. */
export const events = {
  'app.changed': appSnapshotSchema,
  'app.notice': noticeSchema,
  'app.parts': z.array(partStatusSchema),
  'session.changed': sessionSnapshotSchema,
  'playback.command': playbackCommandSchema,
  /** Live words of the user; empty text = nothing in progress. */
  'transcript.partial': z.object({ conversationId: z.string().nullable(), text: z.string() }),
  'message.added': messageSchema,
  'message.changed': messageSchema,
  'message.removed': z.object({ conversationId: z.string(), messageId: z.string() }),
  'answer.progress': answerProgressSchema,
  'turn.latency': z.object({ conversationId: z.string(), messageId: z.string(), latency: turnLatencySchema }),
  'conversations.changed': z.object({ conversationId: z.string().nullable() }),
  'settings.changed': settingSchema,
  'models.progress': z.object({ modelId: z.string(), status: modelStatusSchema }),
  'models.changed': z.object({ modelId: z.string().nullable() }),
  /** null = ask for the list again. */
  'characters.changed': z.object({ characterId: z.string().nullable() }),
  /** How far the clip is that this page asked for; `share` 0..1 never falls. */
  'characters.clipProgress': z.object({ characterId: z.string(), share: z.number() }),
  /** The small window with the face alone was opened or closed, by whomever. */
  'face.window': z.object({ open: z.boolean() }),
  /** Whether the window can be seen: in a window that never sleeps, `document.hidden` does not tell. */
  'shell.visible': z.object({ visible: z.boolean() }),
  /** Global shortcut, tray or CLI asked the page to act: the microphone belongs to the page. */
  'shell.command': z.object({
    command: z.enum([
      'talk-toggle',
      'talk-press',
      'talk-release',
      'mute-toggle',
      'stop',
      'face-toggle',
      'show-settings',
      'show-models',
      'new-conversation',
      'show-activity',
      /** About the call that rings, the one that has rung longest: the owner answers, the assistant does. */
      'call-answer',
      'call-assistant',
      /** Turns the ringing call away, else ends the one that the window shows. */
      'call-hang-up',
    ]),
  }),
  ...handsEvents,
  ...phoneEvents,
} as const;

export type EventName = keyof typeof events;
export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>;
