import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { ErrorData } from '../../base/errors.ts';
import type { PlaybackCommand, PhoneStep, SoftphoneAccess, Trunk } from '../../../src-preload/contract/index.ts';

/*
 * The borders between the parts of the telephone: exchange (asterisk/), control (ari/), calls/, sound (media/), records/. Each part knows these
 * types and not the others' insides.
 */

// --- the exchange ------------------------------------------------------------------------------------------------------------------------------

/** Where everything of one running exchange is reached; all on loopback. Ports are chosen free at each start, save the one of SIP. */
export interface ExchangeAddresses {
  /** `http://127.0.0.1:…`, of ARI and of the softphone's WebSocket. */
  http: string;
  ariUser: string;
  ariPassword: string;
  sipPort: number;
}

export type ExchangeState =
  | { state: 'off' }
  | { state: 'setting-up' }
  | { state: 'starting' }
  /** `trouble`: it runs, though not as the owner wants it; with what was good last, or until the calls that go on are over. */
  | { state: 'ready'; addresses: ExchangeAddresses; version: string; trouble?: ErrorData }
  | { state: 'broken'; error: ErrorData };

/** Everything that its configuration is made from; secrets are filled in last, from the vault, and only into the files. */
export interface ExchangeSettings {
  trunks: readonly (Trunk & { password: string })[];
  mobiles: readonly { id: string; name: string; extension: string; password: string }[];
  softphonePassword: string;
  ariPassword: string;
  sipPort: number;
  httpPort: number;
  rtpPorts: readonly [first: number, last: number];
  /** Where the media worker listens. */
  audioSocketPort: number;
  mediaWebSocketPort: number;
  /** Phones outside of this machine may register; else everything stays on loopback. */
  reachableFrom: 'loopback' | 'network';
  dongle: { device: string } | null;
  /** ISO 3166 code for tones: `de`, `us` */
  country: string;
}

/** Asterisk in a container of ours, or one that is there already. */
export interface Exchange extends Disposable {
  state(): ExchangeState;
  onState(listener: (state: ExchangeState) => void): Unsubscribe;
  steps(): readonly PhoneStep[];
  /** Image, configuration, container, up to an ARI that answers. Told step by step by `onState`. Rejects with the step's error. Cancellable. */
  setUp(signal?: AbortSignal): Promise<void>;
  /** Makes the files anew and has Asterisk look at them before they count; rejects with `phone.bad-configuration`, and the last good ones stay. Calls under way go on. */
  apply(): Promise<void>;
  /** Asks Asterisk for the state of a trunk's registration, by trunk. */
  registrations(): Promise<ReadonlyMap<string, 'registered' | 'unregistered' | 'rejected' | 'unreachable'>>;
  softphone(): SoftphoneAccess | undefined;
  /** Ends the container at once; resolves with what was ended. For the off-switch: level 5. */
  kill(): Promise<string[]>;
  stop(): Promise<void>;
}

// --- control -----------------------------------------------------------------------------------------------------------------------------------

/** A channel as ARI tells it; text in it comes from outside. */
export interface AriChannel {
  id: string;
  /** `PJSIP/trunk-sipgate-00000001` */
  name: string;
  state: string;
  caller: { name: string; number: string };
  connected: { name: string; number: string };
  dialplan: { context: string; exten: string; priority: number };
  /** It is in our application now. */
  isOurs?: boolean;
  /** Variables named in ari.conf's `channelvars`. */
  channelvars: Readonly<Record<string, string>>;
}

/** The events that telephony listens to, checked by a schema; others are dropped. */
export type AriEvent =
  | { type: 'StasisStart'; channel: AriChannel; args: readonly string[] }
  | { type: 'StasisEnd'; channel: AriChannel }
  | { type: 'ChannelStateChange'; channel: AriChannel }
  | { type: 'ChannelDestroyed'; channel: AriChannel; cause: number }
  | { type: 'ChannelHangupRequest'; channel: AriChannel }
  | { type: 'ChannelDtmfReceived'; channel: AriChannel; digit: string; durationMs: number }
  | { type: 'ChannelHold' | 'ChannelUnhold'; channel: AriChannel }
  /** Only where `TALK_DETECT(set)` was set on the channel. `toldAtMs`: calendar time by Asterisk's clock; NaN = it did not say. */
  | { type: 'ChannelTalkingStarted' | 'ChannelTalkingFinished'; channel: AriChannel; toldAtMs: number }
  /** A phone hands its call on by its own key: to a number, or ('') to the other end of the call in which it has this other channel. */
  | { type: 'ChannelTransfer'; channel: AriChannel; destination: string; otherChannelId: string | undefined }
  | { type: 'Dial'; peer: AriChannel; status: string }
  | { type: 'PlaybackFinished'; playbackId: string }
  | { type: 'RecordingFinished' | 'RecordingFailed'; recordingName: string }
  | { type: 'ContactStatusChange'; endpoint: string; status: string }
  | { type: 'PeerStatusChange'; endpoint: string; status: string };

/** Asterisk's control interface over one WebSocket and HTTP. Rejections: `phone.control-lost`, `phone.refused` (details: status, what Asterisk said). */
export interface AriClient extends Disposable {
  /** `lost`: it is trying again by itself, with growing pauses; on `connected` again whoever keeps channels must look which are left. */
  state(): 'connecting' | 'connected' | 'lost';
  onState(listener: (state: 'connecting' | 'connected' | 'lost') => void): Unsubscribe;
  onEvent(listener: (event: AriEvent) => void): Unsubscribe;
  /** Asks for the events of the endpoints that there are now; by itself at each connection. */
  subscribe(): Promise<void>;
  channels(): Promise<AriChannel[]>;
  /** Phones and trunks with their state, by `PJSIP/1001`. */
  endpoints(): Promise<{ endpoint: string; isOnline: boolean }[]>;
  /** Calls an endpoint; the channel enters the application with `args` when it answers (or at once with `early`). */
  originate(request: {
    channelId: string;
    endpoint: string;
    args: readonly string[];
    callerId?: string;
    timeoutSeconds?: number;
    variables?: Readonly<Record<string, string>>;
  }): Promise<AriChannel>;
  /** A leg of the media worker's. `transport`: see media/. */
  externalMedia(request: {
    channelId: string;
    transport: 'audiosocket' | 'websocket';
    host: string;
    /** The leg's UUID, which the media worker has been told of before. */
    legId: string;
    format: 'slin16' | 'slin';
  }): Promise<AriChannel>;
  answer(channelId: string): Promise<void>;
  ring(channelId: string, on: boolean): Promise<void>;
  /** Before the answer: 17 busy, 21 rejected, 1 unknown, 16 declined. */
  hangUp(channelId: string, cause?: number): Promise<void>;
  hold(channelId: string, on: boolean): Promise<void>;
  mute(channelId: string, direction: 'in' | 'out' | 'both', on: boolean): Promise<void>;
  sendDigits(channelId: string, digits: string): Promise<void>;
  /** Answers a phone that has handed its call on by its own key, which told of itself by `ChannelTransfer`. It hangs up at `answered` and talks on at the last two. */
  transferProgress(channelId: string, progress: 'progress' | 'answered' | 'unavailable' | 'declined'): Promise<void>;
  variable(channelId: string, name: string): Promise<string>;
  setVariable(channelId: string, name: string, value: string): Promise<void>;
  /** What Asterisk has counted of a channel's packets, and what its other end reports of them; `phone.refused` where there are none. */
  rtpStatistics(channelId: string): Promise<Readonly<Record<string, unknown>>>;
  createBridge(bridgeId: string): Promise<void>;
  addToBridge(bridgeId: string, channelId: string): Promise<void>;
  /** A channel that is not in it, or has gone, is no error. */
  removeFromBridge(bridgeId: string, channelId: string): Promise<void>;
  destroyBridge(bridgeId: string): Promise<void>;
  bridges(): Promise<{ id: string; channels: readonly string[] }[]>;
  startRecording(bridgeId: string, name: string): Promise<void>;
  stopRecording(name: string): Promise<void>;
  /** It is being written now. */
  isRecording(name: string): Promise<boolean>;
  /** Names of those that lie there, also of those that are being written. */
  storedRecordings(): Promise<string[]>;
  /** The sound of a stored recording, WAV. */
  fetchRecording(name: string): Promise<Uint8Array>;
  removeRecording(name: string): Promise<void>;
}

// --- sound -------------------------------------------------------------------------------------------------------------------------------------

/** What main asks of the media worker. A leg is the assistant's end of one call. */
export interface MediaMethods {
  /** Opens both doors on loopback; 0 = any free port. */
  listen: {
    params: { audioSocketPort: number; webSocketPort: number };
    result: { audioSocketPort: number; webSocketPort: number };
  };
  /** Opens the AudioSocket server for dialplans of other people's (AVR), or closes it with its lines (null). Rejects with `phone.port-taken`. */
  'listen.open': { params: { port: number | null }; result: { port: number | null } };
  /** Expects Asterisk to connect with this UUID; anything unannounced is hung up, save on the open port. */
  'leg.open': { params: { legId: string; sessionId: string }; result: void };
  'leg.close': { params: { legId: string }; result: LegStatistics | null };
  /** The same commands as a page's player gets. */
  'leg.command': { params: { legId: string; command: PlaybackCommand }; result: void };
  /** Plays a sound that is ready, at once, before all else: greetings and notices. Resolves when it was played (false = cut off). */
  'leg.play': { params: { legId: string; soundId: string; samples: Float32Array; sampleRateHz: number }; result: boolean };
  /** Stops `leg.play`, or everything. */
  'leg.silence': { params: { legId: string }; result: void };
  /** The other end's sound goes to the recogniser or not (while the owner speaks, on hold). */
  'leg.listen': { params: { legId: string; on: boolean }; result: void };
  statistics: { params: Record<string, never>; result: { legs: LegStatistics[] } };
}

/** Counted from the connection on. */
export interface LegStatistics {
  legId: string;
  framesSent: number;
  /** Sent more than 5 ms behind their place on the 20 ms grid. */
  lateFrames: number;
  /** Times that speech ran dry in the middle. */
  underflows: number;
  framesReceived: number;
  /** p50, p95, max behind the grid. */
  latenessMs: { p50: number; p95: number; max: number };
  /** Loudness of what came in, dBFS, over all; null = no frame came. */
  receivedDecibels: number | null;
}

export type MediaEvent =
  | { type: 'leg.connected'; legId: string; atMs: number }
  /** Asterisk has closed it, or it broke. */
  | { type: 'leg.closed'; legId: string }
  | { type: 'leg.digit'; legId: string; digit: string }
  /** As a page's player reports, for the conversation module. */
  | {
      type: 'leg.report';
      legId: string;
      report: {
        utteranceId: string;
        event: 'started' | 'progress' | 'paused' | 'resumed' | 'ended' | 'underflow';
        playedMs: number;
        atMs: number;
        outputLatencyMs: number;
      };
    }
  /** `nothing-comes`: connected, and not one frame for 5 s (silent ones count: they are somebody who is muted). `tone`: fax or modem (1100/2100 Hz) for half a second. */
  | { type: 'leg.sound'; legId: string; what: 'speech' | 'nothing-comes' | 'comes-again' | 'tone' | 'music' | 'music-ends' }
  | { type: 'leg.levels'; legId: string; caller: number; here: number }
  /** Somebody connected on the open port. */
  | { type: 'leg.uninvited'; legId: string };
