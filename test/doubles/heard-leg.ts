import { randomUUID } from 'node:crypto';
import { mediaLink } from '../../src-main/modules/telephony/media/media-links.ts';
import type { MediaService } from '../../src-main/modules/telephony/media/media-service.ts';
import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { createAudioPortPair } from '../../src-main/platform/workers/audio-port.ts';
import type { MediaExchange } from './media-exchange.ts';
import { startRtpPhone, type Network, type RtpPhone } from './rtp-phone.ts';

/** A telephone that is put through to a leg, and what a recogniser hears of it. */
export interface HeardLeg {
  readonly legId: string;
  readonly phone: RtpPhone;
  /** 16 kHz, as it comes, with the moment by `performance.now()`. */
  readonly pieces: readonly { atMs: number; samples: Float32Array }[];
  heard(): Float32Array;
  /** Plays into the call, mono; resolves when the last of it has left. */
  play(samples: Float32Array, sampleRateHz: number): Promise<boolean>;
  /** Idempotent. */
  end(): Promise<void>;
}

export async function openHeardLeg(
  service: MediaService,
  exchange: MediaExchange,
  options: { transport: 'audiosocket' | 'websocket'; network?: Network },
): Promise<HeardLeg> {
  const legId = randomUUID();
  const pieces: { atMs: number; samples: Float32Array }[] = [];
  service.open({ legId, sessionId: legId });
  const [here, there] = createAudioPortPair();
  service.attachPort(mediaLink(legId, 'capture'), there);
  here.onMessage((message) => message.type === 'capture' && pieces.push({ atMs: performance.now(), samples: message.samples }));
  const phone = await startRtpPhone({
    target: exchange.sipPort,
    user: '+4930901820',
    ...(options.network ? { network: options.network } : {}),
  });
  const [letGo] = await Promise.all([exchange.putThrough({ legId, transport: options.transport }), phone.dial('4930901821')]);
  let sounds = 0;
  let isOver = false;
  return {
    legId,
    phone,
    pieces,
    heard: () => joinSamples(pieces.map(({ samples }) => samples)),
    play(samples, sampleRateHz) {
      sounds += 1;
      return service.play({ legId, soundId: `sound-${sounds}`, samples, sampleRateHz });
    },
    async end() {
      if (isOver) return;
      isOver = true;
      await phone.hangUp();
      await letGo();
      service.close({ legId });
      phone.dispose();
    },
  };
}
