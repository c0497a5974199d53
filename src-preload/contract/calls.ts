import { z } from 'zod';
import {
  characterIdSchema,
  characterPatchSchema,
  characterSchema,
  characterStyleSchema,
  newCharacterSchema,
  personaDraftSchema,
  portraitReportSchema,
  uploadIdSchema,
} from './characters.ts';
import { handsCalls } from './hands-calls.ts';
import { phoneCalls } from './phone-calls.ts';
import { faceAnchorsSchema, portraitSquareSchema } from './faces.ts';
import { conversationSchema, messageSchema, searchHitSchema } from './conversations.ts';
import { hardwareSchema, languageBackendSchema, memoryPlanSchema, modelViewSchema } from './models.ts';
import { inputModeSchema, playbackReportSchema, sessionSnapshotSchema } from './session.ts';
import { appSnapshotSchema, errorDataSchema, settingSchema, settingValueSchema, vitalsSchema } from './system.ts';

const id = z.string().min(1).max(80);
const nothing = z.object({}).strict();
const done = z.void();

/**
 * Everything a window or page may ask of the core: name → schema of the input and of the result. The same map makes the preload's methods,
 * the renderer's client, and the checks at both doors (IPC and WebSocket). Expected failures travel as `ErrorData`.
 */
export const calls = {
  'app.snapshot': { input: nothing, result: appSnapshotSchema },
  'app.setLocale': { input: z.object({ locale: z.enum(['en', 'de', 'system']) }), result: done },
  'app.finishFirstRun': { input: nothing, result: done },
  'app.dismissNotice': { input: z.object({ noticeId: id }), result: done },
  /** Closes the breaker of a broken part and starts it again. */
  'app.restartPart': { input: z.object({ part: z.enum(['recognition', 'language', 'synthesis']) }), result: done },
  'app.openExternal': { input: z.object({ url: z.url({ protocol: /^https?$/ }).max(2000) }), result: done },

  /** Opens the voice session. The audio ports (`capture`, `playback`) follow as `audio.port`. One session per door. */
  'session.start': { input: z.object({ conversationId: id.nullable(), mode: inputModeSchema }), result: sessionSnapshotSchema },
  'session.stop': { input: nothing, result: done },
  'session.snapshot': { input: nothing, result: sessionSnapshotSchema },
  'session.setMode': { input: z.object({ mode: inputModeSchema }), result: done },
  'session.setMuted': { input: z.object({ muted: z.boolean() }), result: done },
  'session.setConversation': { input: z.object({ conversationId: id.nullable() }), result: done },
  /** Push-to-talk key down/up in the window. */
  'session.press': { input: z.object({ down: z.boolean() }), result: done },
  /** Microphone trouble seen by the page. */
  'session.reportInput': {
    input: z.object({ status: z.enum(['ok', 'none', 'denied', 'ended', 'stalled']), device: z.string().max(300).optional() }),
    result: done,
  },
  'playback.report': { input: playbackReportSchema, result: done },
  /** Ends the running answer: sound, synthesis and inference. */
  'turn.stop': { input: nothing, result: done },
  /** A typed question; `speak` = also answer aloud. Resolves when the question is stored; the answer follows as events. */
  'turn.send': {
    input: z.object({ conversationId: id.nullable(), text: z.string().trim().min(1).max(20_000), speak: z.boolean() }),
    result: z.object({ conversationId: id, messageId: id }),
  },
  /** Answers the last question anew; the old answer is kept out of the history. */
  'turn.regenerate': { input: z.object({ conversationId: id }), result: done },
  /** Reads a stored message aloud. */
  'turn.readAloud': { input: z.object({ messageId: id }), result: done },

  'conversations.list': { input: nothing, result: z.array(conversationSchema) },
  'conversations.create': { input: z.object({ title: z.string().trim().max(200).optional() }), result: conversationSchema },
  'conversations.rename': { input: z.object({ id, title: z.string().trim().min(1).max(200) }), result: done },
  /** Moves it to the bin: it can be restored for 30 days. */
  'conversations.delete': { input: z.object({ id }), result: done },
  'conversations.restore': { input: z.object({ id }), result: done },
  'conversations.messages': {
    input: z.object({ id, beforeMs: z.number().optional(), limit: z.number().int().min(1).max(500) }),
    result: z.array(messageSchema),
  },
  'conversations.search': { input: z.object({ query: z.string().trim().min(1).max(200) }), result: z.array(searchHitSchema) },
  'conversations.export': {
    input: z.object({ id, format: z.enum(['markdown', 'json']) }),
    result: z.object({ fileName: z.string(), content: z.string() }),
  },

  'settings.list': { input: nothing, result: z.array(settingSchema) },
  'settings.set': { input: z.object({ key: z.string().max(80), value: settingValueSchema }), result: settingSchema },
  'settings.reset': { input: z.object({ key: z.string().max(80) }), result: settingSchema },
  /** Secrets go in and never come back. An empty value removes it. */
  'secrets.set': {
    input: z.object({
      name: z.enum(['openai-compatible.apiKey', 'claude.apiKey', 'characters.s3SecretKey', 'images.apiKey', 'films.token']),
      value: z.string().max(500),
    }),
    result: done,
  },
  'secrets.status': { input: nothing, result: z.object({ stored: z.array(z.string()), protection: z.enum(['system', 'file']) }) },

  'models.list': {
    input: nothing,
    result: z.object({
      models: z.array(modelViewSchema),
      hardware: hardwareSchema,
      plan: memoryPlanSchema,
      backend: languageBackendSchema,
      modelsDirectory: z.string(),
    }),
  },
  'models.download': { input: z.object({ modelId: id }), result: done },
  'models.pause': { input: z.object({ modelId: id }), result: done },
  'models.cancel': { input: z.object({ modelId: id }), result: done },
  'models.delete': { input: z.object({ modelId: id }), result: done },
  /** Switches without a restart; `models.changed` and `app.parts` tell when it is in effect. */
  'models.use': { input: z.object({ modelId: id }), result: done },
  /** A file of the own machine, GGUF or ONNX; in the window the main process asks for it with a file dialog when `path` is absent. */
  'models.import': {
    input: z.object({ path: z.string().max(4000).optional(), job: z.enum(['language', 'synthesis']) }),
    result: z.object({ modelId: id }).nullable(),
  },
  'models.setBackend': { input: languageBackendSchema, result: done },
  /** One real short completion against the back end given, before it is used. */
  'models.testBackend': {
    input: languageBackendSchema,
    result: z.object({
      ok: z.boolean(),
      answer: z.string(),
      latencyMs: z.number(),
      /** Why it failed. */
      ...errorDataSchema.partial().shape,
    }),
  },
  /** Speaks one sentence with the voice, so that the owner hears it. */
  'voice.test': { input: z.object({ voice: z.string().max(120).optional(), language: z.string().min(2).max(8) }), result: done },
  'voice.list': {
    input: nothing,
    result: z.array(z.object({ id: z.string(), name: z.string(), languages: z.array(z.string()), engine: z.string() })),
  },

  /** Shipped ones first, then by name. */
  'characters.list': {
    input: z.object({
      style: characterStyleSchema.optional(),
      tag: z.string().max(30).optional(),
      createdBy: z.string().max(80).optional(),
    }),
    result: z.array(characterSchema),
  },
  /** The character of this page's session from the next sentence on, and of sessions to come. */
  'characters.use': { input: z.object({ id: characterIdSchema }), result: characterSchema },
  /** Likely to be used next: portrait and voice are brought into memory. */
  'characters.preload': { input: z.object({ id: characterIdSchema }), result: done },
  /** Looks at an uploaded picture: which faces are in it, and an upright preview of it. */
  'characters.analysePortrait': { input: z.object({ portrait: uploadIdSchema }), result: portraitReportSchema },
  /** The face mesh for anchors that were dragged by hand, 478 x, y, z, flat. */
  'characters.fitAnchors': {
    input: z.object({ portrait: uploadIdSchema, anchors: faceAnchorsSchema }),
    result: z.object({ landmarks: z.array(z.number()) }),
  },
  'characters.createFromPortrait': { input: newCharacterSchema, result: characterSchema },
  /** A VRM or GLB file instead of a picture. */
  'characters.createFromModel': {
    input: z.object({ model: uploadIdSchema, name: z.string().trim().min(1).max(60), description: z.string().trim().max(500) }),
    result: characterSchema,
  },
  /** Asks the image generator of the settings for portraits; each comes as an upload, with its picture as a data URL. */
  'characters.paint': {
    input: z.object({ prompt: z.string().trim().min(1).max(1000), style: characterStyleSchema, count: z.number().int().min(1).max(4) }),
    result: z.array(z.object({ portrait: uploadIdSchema, preview: z.string() })),
  },
  /** The language model turns a few words into a persona. */
  'characters.draftPersona': {
    input: z.object({ words: z.string().trim().min(1).max(1000), name: z.string().trim().max(60), language: z.enum(['en', 'de']) }),
    result: personaDraftSchema,
  },
  'characters.update': { input: z.object({ id: characterIdSchema, patch: characterPatchSchema }), result: characterSchema },
  /** null takes the sample away. */
  'characters.setVoiceSample': {
    input: z.object({ id: characterIdSchema, voiceSample: uploadIdSchema.nullable(), consent: z.boolean() }),
    result: characterSchema,
  },
  'characters.duplicate': { input: z.object({ id: characterIdSchema }), result: characterSchema },
  /** Moves it to the bin: it can be restored for 30 days. */
  'characters.delete': { input: z.object({ id: characterIdSchema }), result: done },
  'characters.restore': { input: z.object({ id: characterIdSchema }), result: characterSchema },
  /** The whole character as one file, at an address of the page's own origin. */
  'characters.export': { input: z.object({ id: characterIdSchema }), result: z.object({ fileName: z.string(), url: z.string() }) },
  'characters.import': { input: z.object({ file: uploadIdSchema }), result: characterSchema },
  /** Speaks the character's sample sentence (or `text`) with its voice, so that the owner hears and sees it. */
  'characters.speakSample': { input: z.object({ id: characterIdSchema, text: z.string().trim().max(300).optional() }), result: done },
  /** The same into a WAV file at an address of the page's own origin, with what the mouth does meanwhile: for a clip. */
  'characters.renderSample': {
    input: z.object({ id: characterIdSchema, text: z.string().trim().max(300).optional() }),
    result: z.object({
      url: z.string(),
      /** On the clock of the sound. */
      phonemes: z.array(z.object({ symbol: z.string(), startMs: z.number(), durationMs: z.number(), level: z.number().optional() })),
      emotion: z.enum(['neutral', 'energetic', 'calm']),
    }),
  },
  /**
   * The same as an MP4, made by the face server of the settings; for characters whose renderer is 'sadtalker' or 'wav2lip'. Takes minutes, of which
   * `characters.clipProgress` tells the page. Given up (`request.aborted`) when the same page cancels, asks for another, or goes away.
   */
  'characters.renderClip': {
    input: z.object({ id: characterIdSchema, text: z.string().trim().max(300).optional() }),
    result: z.object({ fileName: z.string(), url: z.string() }),
  },
  /** Does nothing when none is being made. */
  'characters.cancelClip': { input: nothing, result: done },

  /** Opens or closes the small window with the face alone, on top of everything. Only where there is a desktop. */
  'face.setWindow': { input: z.object({ open: z.boolean() }), result: z.object({ open: z.boolean() }) },

  /**
   * Makes a character's portrait ready to be painted by LivePortrait; the port (`portrait`) follows under the id. Takes seconds. Rejects with `face.no-gpu`,
   * `face.weights-missing`, `face.weights-wrong`, `face.out-of-memory`, `picture.*` or `character.*`: then another body draws it.
   */
  'portrait.open': {
    input: z.object({ characterId: characterIdSchema }),
    result: z.object({ portraitId: id, square: portraitSquareSchema }),
  },
  'portrait.close': { input: z.object({ portraitId: id }), result: done },

  'store.backups': { input: nothing, result: z.array(z.object({ fileName: z.string(), createdAtMs: z.number(), sizeBytes: z.number() })) },
  'store.restoreBackup': {
    input: z.object({
      fileName: z
        .string()
        .max(200)
        .regex(/^[\w.-]+$/),
    }),
    result: done,
  },
  /** How the machinery is doing right now, for the diagnostics page and benches. Event loop delay of the main process since the call before. */
  'app.vitals': { input: nothing, result: vitalsSchema },
  'doctor.run': {
    input: nothing,
    result: z.array(z.object({ part: z.string(), ok: z.boolean(), summary: z.string(), repair: z.string().optional() })),
  },
  ...handsCalls,
  ...phoneCalls,
} as const;

export type CallName = keyof typeof calls;
export type CallInput<Name extends CallName> = z.infer<(typeof calls)[Name]['input']>;
export type CallResult<Name extends CallName> = z.infer<(typeof calls)[Name]['result']>;
