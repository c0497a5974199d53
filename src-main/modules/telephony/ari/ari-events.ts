import { z } from 'zod';
import type { AriChannel, AriEvent } from '../telephony.ts';

/** As Asterisk writes a channel; fields of newer versions are dropped. */
const party = z.object({ name: z.string().catch(''), number: z.string().catch('') });
const channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: party,
  connected: party,
  dialplan: z.object({
    context: z.string(),
    exten: z.string(),
    priority: z.number(),
    app_name: z.string().optional(),
    app_data: z.string().optional(),
  }),
  channelvars: z.record(z.string(), z.string()).optional(),
});

const start = z.object({
  type: z.literal('StasisStart'),
  channel,
  args: z.array(z.string()),
});
const ofChannel = z.object({
  type: z.enum(['StasisEnd', 'ChannelStateChange', 'ChannelHangupRequest', 'ChannelHold', 'ChannelUnhold']),
  channel,
});
const talking = z.object({
  type: z.enum(['ChannelTalkingStarted', 'ChannelTalkingFinished']),
  channel,
  timestamp: z.string().max(60).optional(),
});
const destroyed = z.object({ type: z.literal('ChannelDestroyed'), channel, cause: z.number() });
const digit = z.object({ type: z.literal('ChannelDtmfReceived'), channel, digit: z.string().max(4), duration_ms: z.number() });
const dial = z.object({ type: z.literal('Dial'), peer: channel, dialstatus: z.string() });
const playback = z.object({ type: z.literal('PlaybackFinished'), playback: z.object({ id: z.string() }) });
const recording = z.object({ type: z.enum(['RecordingFinished', 'RecordingFailed']), recording: z.object({ name: z.string() }) });
const transfer = z.object({
  type: z.literal('ChannelTransfer'),
  refer_to: z.object({
    requested_destination: z.object({ destination: z.string().optional() }).optional(),
    destination_channel: z.object({ id: z.string() }).optional(),
  }),
  referred_by: z.object({ source_channel: channel }),
});
const endpoint = z.object({ technology: z.string(), resource: z.string() });
const contact = z.object({
  type: z.literal('ContactStatusChange'),
  endpoint,
  contact_info: z.object({ contact_status: z.string() }),
});
const peer = z.object({ type: z.literal('PeerStatusChange'), endpoint, peer: z.object({ peer_status: z.string() }) });

const known = z.discriminatedUnion('type', [
  start,
  ofChannel,
  talking,
  destroyed,
  digit,
  dial,
  playback,
  recording,
  transfer,
  contact,
  peer,
]);

/** One message of the control connection; undefined = none that telephony listens to, or none that can be trusted. */
export function readAriEvent(text: string, application: string): AriEvent | undefined {
  const parsed = known.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const event = parsed.data;
  const plain = (raw: z.infer<typeof channel>): AriChannel => plainChannel(raw, application);
  switch (event.type) {
    case 'StasisStart':
      return { type: event.type, channel: { ...plain(event.channel), isOurs: true }, args: event.args };
    case 'ChannelTalkingStarted':
    case 'ChannelTalkingFinished':
      return { type: event.type, channel: plain(event.channel), toldAtMs: Date.parse(event.timestamp ?? '') };
    case 'ChannelDestroyed':
      return { type: event.type, channel: plain(event.channel), cause: event.cause };
    case 'ChannelDtmfReceived':
      return { type: event.type, channel: plain(event.channel), digit: event.digit, durationMs: event.duration_ms };
    case 'Dial':
      return { type: event.type, peer: plain(event.peer), status: event.dialstatus };
    case 'PlaybackFinished':
      return { type: event.type, playbackId: event.playback.id };
    case 'RecordingFinished':
    case 'RecordingFailed':
      return { type: event.type, recordingName: event.recording.name };
    case 'ChannelTransfer': {
      const destination = event.refer_to.requested_destination?.destination ?? '';
      const otherChannelId = event.refer_to.destination_channel?.id;
      return { type: event.type, channel: plain(event.referred_by.source_channel), destination, otherChannelId };
    }
    case 'ContactStatusChange':
      return { type: event.type, endpoint: endpointName(event.endpoint), status: event.contact_info.contact_status };
    case 'PeerStatusChange':
      return { type: event.type, endpoint: endpointName(event.endpoint), status: event.peer.peer_status };
    default:
      return { type: event.type, channel: plain(event.channel) };
  }
}

/** Channels of an answer; rejects with zod's error when it is no list of them. */
export function readChannels(body: unknown, application: string): AriChannel[] {
  return z
    .array(channel)
    .parse(body)
    .map((raw) => plainChannel(raw, application));
}

export function readChannel(body: unknown, application: string): AriChannel {
  return plainChannel(channel.parse(body), application);
}

function plainChannel(raw: z.infer<typeof channel>, application: string): AriChannel {
  const { context, exten, priority, app_name: appName, app_data: appData } = raw.dialplan;
  return {
    id: raw.id,
    name: raw.name,
    state: raw.state,
    caller: raw.caller,
    connected: raw.connected,
    dialplan: { context, exten, priority },
    isOurs: appName === 'Stasis' && (appData === application || appData?.startsWith(`${application},`) === true),
    channelvars: raw.channelvars ?? {},
  };
}

function endpointName({ technology, resource }: z.infer<typeof endpoint>): string {
  return `${technology}/${resource}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
