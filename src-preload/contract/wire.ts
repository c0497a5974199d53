import { z } from 'zod';
import { errorDataSchema } from './system.ts';

export * from './wire-paths.ts';

/*
 * How a page in a browser, or our own terminal client, reaches the core over the loopback WebSocket. Text frames of JSON, one message each.
 *
 *   page → core   {"id": 7, "call": "turn.send", "input": {…}}
 *   core → page   {"hello": {"clientId": "…"}}                        once, first
 *                 {"id": 7, "outcome": {"ok": true, "value": {…}}}    the answer to a call, in any order
 *                 {"event": "message.added", "payload": {…}}          never repeated: after a reconnect ask for snapshots
 *
 * A page proves itself before the upgrade by the cookie it got for its one-time link, a program by `Authorization: Bearer <token>` of serve.json.
 * Sound goes over a socket of its own, opened for a running session: `/audio?session=…&kind=capture|playback`, binary frames of audio-frames.ts.
 */

/** Close code when the core gave the page up because it did not read, flooded or broke the protocol; the reason says which. */
export const CLOSED_FOR_MISUSE = 1008;
/** Largest message in either direction, bytes. Beyond it the connection is closed with code 1009. */
export const MAX_WIRE_MESSAGE_BYTES = 1024 * 1024;

export const wireRequestSchema = z.object({ id: z.number().int().nonnegative(), call: z.string().max(80), input: z.unknown() });
export type WireRequest = z.infer<typeof wireRequestSchema>;

export const wireMessageSchema = z.union([
  z.object({ hello: z.object({ clientId: z.string() }) }),
  z.object({
    id: z.number().int(),
    outcome: z.union([
      z.object({ ok: z.literal(true), value: z.unknown().optional() }),
      z.object({ ok: z.literal(false), error: errorDataSchema }),
    ]),
  }),
  z.object({ event: z.string(), payload: z.unknown() }),
]);
export type WireMessage = z.infer<typeof wireMessageSchema>;
