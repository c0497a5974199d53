import { z } from 'zod';

/** Whose turn it is, as the window shows it. Made by modules/conversation only. */
export const talkStateSchema = z.discriminatedUnion('state', [
  /** No session: voice is off or still loading. */
  z.object({ state: z.literal('off'), reason: z.enum(['not-started', 'loading', 'no-microphone', 'permission-denied', 'unavailable']) }),
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('listening') }),
  z.object({ state: z.literal('thinking') }),
  z.object({ state: z.literal('speaking'), paused: z.boolean() }),
]);
export type TalkState = z.infer<typeof talkStateSchema>;

export const inputModeSchema = z.enum(['hands-free', 'push-to-talk']);
export type InputMode = z.infer<typeof inputModeSchema>;

export const sessionSnapshotSchema = z.object({
  sessionId: z.string().nullable(),
  conversationId: z.string().nullable(),
  /** Who speaks in this session. */
  characterId: z.string(),
  talk: talkStateSchema,
  mode: inputModeSchema,
  muted: z.boolean(),
  /** Push-to-talk key is down. */
  pressed: z.boolean(),
});
export type SessionSnapshot = z.infer<typeof sessionSnapshotSchema>;

/** What the player must do. `prepare` may come with sound already on its way; nothing is heard before `start`. */
export const playbackCommandSchema = z.discriminatedUnion('command', [
  z.object({ command: z.literal('start'), utteranceId: z.string() }),
  z.object({ command: z.literal('pause'), utteranceId: z.string() }),
  z.object({ command: z.literal('resume'), utteranceId: z.string() }),
  /** Forget the utterance, heard or not; late sound of it is thrown away. */
  z.object({ command: z.literal('drop'), utteranceId: z.string() }),
  /** No more segments will come: report `ended` when the queue has run dry. */
  z.object({ command: z.literal('finish'), utteranceId: z.string(), segmentCount: z.number().int().nonnegative() }),
]);
export type PlaybackCommand = z.infer<typeof playbackCommandSchema>;

/** What was really played. `playedMs` counts sound that left the queue of this utterance, pauses not counted. */
export const playbackReportSchema = z.object({
  utteranceId: z.string(),
  event: z.enum(['started', 'progress', 'paused', 'resumed', 'ended', 'underflow']),
  playedMs: z.number().nonnegative(),
  /** systemClock time of the fact (performance.timeOrigin + performance.now()). */
  atMs: z.number(),
  /** Output latency of the device that is not in `playedMs` yet, ms. */
  outputLatencyMs: z.number().nonnegative(),
});
export type PlaybackReport = z.infer<typeof playbackReportSchema>;

/** Times of one spoken turn in milliseconds, names of design/house; a stage that did not take place is absent. */
export const turnLatencySchema = z.object({
  e2e_latency: z.number().optional(),
  end_of_turn_delay: z.number().optional(),
  transcription_delay: z.number().optional(),
  llm_ttft: z.number().optional(),
  llm_ttfs: z.number().optional(),
  tts_ttfb: z.number().optional(),
  playback_latency: z.number().optional(),
});
export type TurnLatency = z.infer<typeof turnLatencySchema>;
