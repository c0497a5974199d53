import { z } from 'zod';
import { boxSchema, faceAnchorsSchema, portraitAnalysisSchema } from './faces.ts';

/** Lower-case letters, digits and dashes: also the name of the folder, so nothing else is let in. */
export const characterIdSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/);

export const characterStyleSchema = z.enum(['realistic', 'stylized', 'anime', 'cyberpunk']);
export type CharacterStyle = z.infer<typeof characterStyleSchema>;

/** How a character sounds. */
export const voiceProfileSchema = z.object({
  /** Id of the voice list, or 'auto': the best installed one of the answer's language. */
  voice: z.string().max(120).default('auto'),
  /** Semitones; formants stay where they are within ±4, beyond they follow a little. */
  pitch: z.number().min(-12).max(12).default(0),
  /** Formant shift in semitones, for a smaller or larger throat than the voice's own. */
  formant: z.number().min(-4).max(4).default(0),
  speed: z.number().min(0.5).max(2).default(1),
  emotion: z.enum(['neutral', 'energetic', 'calm']).default('neutral'),
  /** A voice sample of the character's folder, for engines that can clone. Only with the speaker's consent. */
  clone: z
    .object({
      file: z.string().regex(/^[\w.-]{1,80}$/),
      durationMs: z.number(),
      /** When the speaker's consent was ticked, ISO 8601. It is kept in the file for good. */
      consentAt: z.string(),
      transcript: z.string().max(1000).default(''),
    })
    .nullable()
    .default(null),
  /** A voice described in words, for engines that design voices. */
  design: z.string().max(500).default(''),
});
export type VoiceProfile = z.infer<typeof voiceProfileSchema>;

/** A habit of speech that is really heard: it changes the spoken text or the sound, never what the history keeps. */
export const speechPatternSchema = z.object({
  kind: z.enum(['stutter', 'pauses', 'repeats', 'glitch', 'fillers', 'drawl']),
  /** 0..1: how often and how strongly. */
  amount: z.number().min(0).max(1),
  /** In the owner's words: "stutters like an 80s TV host". */
  description: z.string().max(200).default(''),
});
export type SpeechPattern = z.infer<typeof speechPatternSchema>;

export const personalitySchema = z.object({
  traits: z.array(z.string().trim().min(1).max(60)).max(12).default([]),
  speechPatterns: z.array(speechPatternSchema).max(6).default([]),
});
export type Personality = z.infer<typeof personalitySchema>;

/** Words in both languages of the app; an own character may give the same text twice. */
const localizedSchema = (max: number) => z.object({ en: z.string().max(max), de: z.string().max(max) });

export const rendererSchema = z.object({
  type: z.enum(['liveportrait', 'mesh', '3d', 'sadtalker', 'wav2lip']).default('mesh'),
  fps: z.number().int().min(10).max(60).default(25),
  height: z.number().int().min(240).max(1080).default(720),
  /** 0..1: how far the face moves. */
  expressiveness: z.number().min(0).max(1).default(0.8),
  /** Scan lines, glitch, neon, film: what belongs to the style. Can be turned off. */
  effects: z.enum(['none', 'cyberpunk', 'film']).default('none'),
});
export type RendererConfig = z.infer<typeof rendererSchema>;

/** Further pictures of the same face in known states, laid over the portrait: `set.json` of an expression set. */
export const expressionSetSchema = z.object({
  /** Size of the portrait that the boxes mean. */
  size: z.tuple([z.number(), z.number()]),
  /** Where each patch lies in the portrait. */
  box: boxSchema,
  /** State → file and its landmarks (478 x, y in pixels of the portrait, flat). */
  states: z.record(z.string().regex(/^[a-z_]{2,24}$/), z.object({ file: z.string().max(80), landmarks: z.array(z.number()).length(956) })),
});
export type ExpressionSet = z.infer<typeof expressionSetSchema>;

export const CHARACTER_VERSION = 1;

/** `metadata.json` of a character's folder. */
export const characterMetadataSchema = z.object({
  version: z.literal(CHARACTER_VERSION),
  id: characterIdSchema,
  name: z.string().trim().min(1).max(60),
  description: localizedSchema(500),
  style: characterStyleSchema,
  tags: z.array(z.string().trim().min(1).max(30)).max(20).default([]),
  createdBy: z.string().max(80),
  /** ISO 8601. */
  createdAt: z.string(),
  portrait: z.object({ file: z.string().max(80), hash: z.string(), width: z.number().int(), height: z.number().int() }),
  /** A VRM or GLB file of the folder; only with renderer type '3d'. */
  model: z.string().max(80).nullable().default(null),
  expressionSet: z.boolean().default(false),
  voice: voiceProfileSchema,
  /** Who the character is, said to the language model; empty = the app's own words with the character's name. */
  systemPrompt: localizedSchema(4000),
  /** Exchanges that show a small model how the character answers. */
  examples: z.object({
    en: z.array(z.tuple([z.string().max(300), z.string().max(600)])).max(8),
    de: z.array(z.tuple([z.string().max(300), z.string().max(600)])).max(8),
  }),
  /** What the character says when it is tried out. */
  sample: localizedSchema(300),
  personality: personalitySchema,
  renderer: rendererSchema,
});
export type CharacterMetadata = z.infer<typeof characterMetadataSchema>;

/** A character as the page sees it. Its files are at `<assets>/<file>` of the page's own origin. */
export const characterSchema = characterMetadataSchema.extend({
  /** Shipped with the app: can be used, duplicated and hidden by nobody's mistake, but not changed. */
  shipped: z.boolean(),
  /** Address of the folder's files, without a slash at the end; changes with the content, so files can be cached for good. */
  assets: z.string(),
});
export type Character = z.infer<typeof characterSchema>;

/** What an owner may change. */
export const characterPatchSchema = characterMetadataSchema
  .pick({
    name: true,
    description: true,
    style: true,
    tags: true,
    voice: true,
    systemPrompt: true,
    examples: true,
    sample: true,
    personality: true,
    renderer: true,
  })
  .partial();
export type CharacterPatch = z.infer<typeof characterPatchSchema>;

/** A file that the page has sent to `POST /uploads` of its own origin. */
export const uploadIdSchema = z.string().regex(/^[a-z0-9-]{8,64}$/);

export const newCharacterSchema = z.object({
  portrait: uploadIdSchema,
  name: z.string().trim().min(1).max(60),
  description: z.string().trim().max(500),
  /** Which of several faces; 0 = the largest. */
  face: z.number().int().min(0).max(63).default(0),
  /** Dragged by hand; overrules what was found. */
  anchors: faceAnchorsSchema.nullable().default(null),
  style: characterStyleSchema.optional(),
  voiceSample: uploadIdSchema.nullable().default(null),
  /** The person whose voice it is has agreed. Without it a sample is refused. */
  consent: z.boolean().default(false),
});
export type NewCharacter = z.infer<typeof newCharacterSchema>;

/** A picture before it becomes a character. */
export const portraitReportSchema = z.object({ analysis: portraitAnalysisSchema, preview: z.string() });
export type PortraitReport = z.infer<typeof portraitReportSchema>;

/** What the language model made of a few words; everything can be edited before it is kept. */
export const personaDraftSchema = z.object({
  name: z.string(),
  description: z.string(),
  style: characterStyleSchema,
  systemPrompt: z.string(),
  personality: personalitySchema,
});
export type PersonaDraft = z.infer<typeof personaDraftSchema>;
