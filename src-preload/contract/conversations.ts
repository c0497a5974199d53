import { z } from 'zod';

export const messageSchema = z.object({
  id: z.string(),
  conversationId: z.string(),
  role: z.enum(['user', 'assistant']),
  /** For an assistant's spoken answer: everything that was written; what was heard ends at `heardChars`. */
  text: z.string(),
  /** Spoken or typed. */
  medium: z.enum(['voice', 'text']),
  /** ISO 639-1. */
  language: z.string(),
  /** Characters of `text` that the user heard; null = not spoken, the whole text counts. */
  heardChars: z.number().int().nullable(),
  status: z.enum(['complete', 'interrupted', 'failed']),
  /** It is, or was written after reading, text from outside (a page, a file, a tool's result). Absent = no. */
  tainted: z.boolean().optional(),
  createdAtMs: z.number(),
});
export type Message = z.infer<typeof messageSchema>;

export const conversationSchema = z.object({
  id: z.string(),
  title: z.string(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  messageCount: z.number().int(),
  /** First words of the last message. */
  preview: z.string(),
});
export type Conversation = z.infer<typeof conversationSchema>;

export const searchHitSchema = z.object({
  conversationId: z.string(),
  conversationTitle: z.string(),
  messageId: z.string(),
  /** Text around the hit; `matchStart`/`matchEnd` index into it. */
  excerpt: z.string(),
  matchStart: z.number().int(),
  matchEnd: z.number().int(),
  createdAtMs: z.number(),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

/** A running answer as the window shows it; final text comes as a Message. */
export const answerProgressSchema = z.object({
  conversationId: z.string(),
  messageId: z.string(),
  /** The whole text so far. */
  text: z.string(),
  /** Characters heard so far; null for a typed exchange without speech. */
  heardChars: z.number().int().nullable(),
  /** Characters whose sound is ready (captions may show up to the sentence in play). */
  done: z.boolean(),
});
export type AnswerProgress = z.infer<typeof answerProgressSchema>;
