import type { AudioPort } from '../../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import { createResampler } from '../../../platform/audio/index.ts';
import type { MethodOf } from '../../../platform/workers/workers.ts';
import type { LegStatistics, MediaEvent, MediaMethods } from '../telephony.ts';
import { openAudioSocketServer, type MediaServer } from './audiosocket-server.ts';
import { createLeg, type Leg } from './leg.ts';
import type { LegLine, LegLineListener } from './leg-line.ts';
import { readMediaLink } from './media-links.ts';
import { createPacer } from './pacer.ts';
import { openMediaWebSocketServer } from './websocket-server.ts';

type Params<Name extends keyof MediaMethods> = MethodOf<MediaMethods, Name>['params'];
type Result<Name extends keyof MediaMethods> = MethodOf<MediaMethods, Name>['result'];

/** The media worker without its process. Commands for a leg that is gone do nothing: calls end at any moment. */
export interface MediaService extends Disposable {
  /** Again: the doors of before are closed first, with their lines. Rejects with `phone.port-taken`. */
  listen(params: Params<'listen'>): Promise<Result<'listen'>>;
  /** The same port again: nothing changes. */
  listenOpen(params: Params<'listen.open'>): Promise<Result<'listen.open'>>;
  open(params: Params<'leg.open'>): void;
  close(params: Params<'leg.close'>): LegStatistics | null;
  command(params: Params<'leg.command'>): void;
  play(params: Params<'leg.play'>): Promise<boolean>;
  silence(params: Params<'leg.silence'>): void;
  setListening(params: Params<'leg.listen'>): void;
  statistics(): Result<'statistics'>;
  attachPort(link: string, port: AudioPort): void;
  dispose(): Promise<void>;
}

/** Main decides within this time whether somebody on the open port is answered. */
const UNINVITED_PATIENCE_MS = 5_000;
/** What voices speak at, and telephones. */
const USUAL_RATES_HZ = [8_000, 22_050, 24_000, 44_100, 48_000];
/** Statistics of legs that Asterisk has closed, until they are asked for. */
const MAX_REMEMBERED = 256;

interface Parked {
  line: LegLine;
  listener: LegLineListener | undefined;
  patience: Timer;
}

export function createMediaService(deps: {
  clock: Clock;
  emit: (event: MediaEvent) => void;
  onError: (error: unknown) => void;
}): MediaService {
  const { clock } = deps;
  const pacer = createPacer(deps);
  // Filters take milliseconds to be made, which the first sentence of a call does not have.
  for (const rateHz of USUAL_RATES_HZ) createResampler(rateHz, 16_000);
  createResampler(16_000, 8_000);
  const legs = new Map<string, Leg>();
  const parked = new Map<string, Parked>();
  const ended = new Map<string, LegStatistics>();
  let servers: MediaServer[] = [];
  let open: { server: MediaServer; wantedPort: number } | undefined;

  const remember = (leg: Leg): void => {
    legs.delete(leg.legId);
    ended.set(leg.legId, leg.statistics());
    const oldest = ended.keys().next();
    if (ended.size > MAX_REMEMBERED && !oldest.done) ended.delete(oldest.value);
  };

  const emit = (event: MediaEvent): void => {
    const leg = event.type === 'leg.closed' ? legs.get(event.legId) : undefined;
    if (leg) remember(leg);
    deps.emit(event);
  };

  const accept = (legId: string, line: LegLine): LegLineListener | undefined => legs.get(legId)?.connect(line);

  /** Whoever calls in from a dialplan of other people's waits until main has opened a leg for them. */
  const park = (legId: string, line: LegLine): LegLineListener | undefined => {
    if (legs.has(legId)) return accept(legId, line);
    if (parked.has(legId)) return undefined;
    const patience = clock.after(UNINVITED_PATIENCE_MS, () => line.hangUp());
    const waiting: Parked = { line, listener: undefined, patience };
    parked.set(legId, waiting);
    deps.emit({ type: 'leg.uninvited', legId });
    return {
      audio: (samples, sampleRateHz) => waiting.listener?.audio(samples, sampleRateHz),
      digit: (digit) => waiting.listener?.digit(digit),
      closed() {
        patience.cancel();
        if (parked.get(legId) === waiting) parked.delete(legId);
        waiting.listener?.closed();
      },
    };
  };

  const unpark = (leg: Leg): void => {
    const waiting = parked.get(leg.legId);
    if (!waiting) return;
    parked.delete(leg.legId);
    waiting.patience.cancel();
    waiting.listener = leg.connect(waiting.line);
  };

  const closeDoors = async (): Promise<void> => {
    const closing = servers;
    servers = [];
    await Promise.all(closing.map((server) => server.close()));
  };
  const closeOpen = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    await closing?.server.close();
  };

  return {
    async listen({ audioSocketPort, webSocketPort }) {
      await closeDoors();
      try {
        const sound = await openAudioSocketServer({ port: audioSocketPort, usualRateHz: 16_000, clock, accept });
        servers.push(sound);
        const web = await openMediaWebSocketServer({ port: webSocketPort, clock, accept });
        servers.push(web);
        return { audioSocketPort: sound.port, webSocketPort: web.port };
      } catch (error) {
        await closeDoors();
        throw error;
      }
    },
    async listenOpen({ port }) {
      if (port === null || open?.wantedPort !== port) await closeOpen();
      if (port === null) return { port: null };
      open ??= { server: await openAudioSocketServer({ port, usualRateHz: 8_000, clock, accept: park }), wantedPort: port };
      return { port: open.server.port };
    },
    open({ legId, sessionId }) {
      legs.get(legId)?.close();
      const leg = createLeg({ legId, sessionId }, { clock, pacer, emit });
      legs.set(legId, leg);
      unpark(leg);
    },
    close({ legId }) {
      const leg = legs.get(legId);
      if (leg) {
        leg.close();
        legs.delete(legId);
        return leg.statistics();
      }
      const statistics = ended.get(legId) ?? null;
      ended.delete(legId);
      return statistics;
    },
    command: ({ legId, command }) => legs.get(legId)?.command(command),
    play: ({ legId, soundId, samples, sampleRateHz }) => legs.get(legId)?.play(soundId, samples, sampleRateHz) ?? Promise.resolve(false),
    silence: ({ legId }) => legs.get(legId)?.silence(),
    setListening: ({ legId, on }) => legs.get(legId)?.listen(on),
    statistics: () => ({ legs: Array.from(legs.values(), (leg) => leg.statistics()) }),
    attachPort(link, port) {
      const wanted = readMediaLink(link);
      const leg = wanted && [...legs.values()].find(({ sessionId }) => sessionId === wanted.sessionId);
      if (leg) leg.attach(wanted.direction, port);
      else port.close();
    },
    async dispose() {
      for (const { line, patience } of parked.values()) {
        patience.cancel();
        line.hangUp();
      }
      parked.clear();
      for (const leg of legs.values()) leg.close();
      legs.clear();
      pacer.dispose();
      await Promise.all([closeDoors(), closeOpen()]);
    },
  };
}
