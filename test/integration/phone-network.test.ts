import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createMediaService, type MediaService } from '../../src-main/modules/telephony/media/media-service.ts';
import { openHeardLeg, type HeardLeg } from '../doubles/heard-leg.ts';
import { openMediaExchange, type MediaExchange } from '../doubles/media-exchange.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { faultsOf, scale, SCALE_STEPS, stepsIn } from '../doubles/scale.ts';
import { tone } from '../doubles/tones.ts';

/*
 * Sound of a leg through a real Asterisk, from a telephone whose every packet is in the test's hand.
 */

/** A machine that stands still for a moment loses sound by itself: then the call is made once more. */
const CALL = { timeout: 60_000, retry: 3 };
/** What a network does to it at its worst: packets overtake each other. */
const BAD_NETWORK = { lossShare: 0.05, jitterMs: 60, keepsOrder: false };

describe.skipIf(noAsterisk !== undefined)(titled('the sound of a leg through a real Asterisk', noAsterisk), () => {
  let service: MediaService;
  let exchange: MediaExchange;
  beforeAll(async () => {
    service = createMediaService({ clock: systemClock, emit: () => undefined, onError: (error) => console.error(error) });
    exchange = await openMediaExchange(await service.listen({ audioSocketPort: 0, webSocketPort: 0 }));
  }, 900_000);
  afterAll(async () => {
    await exchange?.close();
    await service?.dispose();
  }, 60_000);

  /** Both sides say the scale at the same time. */
  const talk = async (options: Parameters<typeof openHeardLeg>[2]): Promise<HeardLeg> => {
    const leg = await openHeardLeg(service, exchange, options);
    onTestFinished(leg.end);
    const [wasPlayed] = await Promise.all([leg.play(scale(24_000), 24_000), leg.phone.say(scale(8_000))]);
    expect(wasPlayed).toBe(true);
    await expect.poll(() => stepsIn(leg.heard(), 16_000).at(-1), { timeout: 10_000 }).toBe(SCALE_STEPS - 1);
    await sleep(500);
    return leg;
  };

  it.each(['audiosocket', 'websocket'] as const)('is whole both ways over %s', CALL, async (transport) => {
    const leg = await talk({ transport });
    expect(faultsOf(stepsIn(leg.heard(), 16_000))).toEqual([]);
    expect(faultsOf(stepsIn(leg.phone.heard(), 8_000))).toEqual([]);
    await leg.end();
  });

  it.each([150, 300, 800, 1_500])('is whole again at once when the telephone has stood still for %i ms', CALL, async (stillMs) => {
    const leg = await openHeardLeg(service, exchange, { transport: 'audiosocket' });
    onTestFinished(leg.end);
    await leg.phone.say(tone(400, 1_000, 8_000, -15));
    leg.phone.standStill(stillMs);
    await sleep(stillMs + 300);
    const from = leg.heard().length;
    await leg.phone.say(scale(8_000));
    await sleep(500);
    expect(faultsOf(stepsIn(leg.heard().subarray(from), 16_000))).toEqual([]);
  });

  it('is whole and in its order from a network that loses 5 % and jitters by 60 ms, and service goes on', CALL, async () => {
    const leg = await talk({ transport: 'audiosocket', network: BAD_NETWORK });
    expect(faultsOf(stepsIn(leg.heard(), 16_000))).toEqual([]);
    expect(faultsOf(stepsIn(leg.phone.heard(), 8_000))).toEqual([]);
    await leg.end();
    expect(exchange.rig.exchange.state().state).toBe('ready');
    await expect.poll(async () => (await exchange.ari.channels()).length, { timeout: 10_000 }).toBe(0);
  });
});
