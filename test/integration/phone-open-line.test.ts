import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { PhoneCall } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { avrDialplan } from '../../src-main/modules/telephony/avr/dialplan.ts';
import { createOpenLine, type OpenLine } from '../../src-main/modules/telephony/avr/open-line.ts';
import type { CallVoice, MediaLegs } from '../../src-main/modules/telephony/calls/call-ports.ts';
import { mediaLink } from '../../src-main/modules/telephony/media/media-links.ts';
import { createMediaService, type MediaService } from '../../src-main/modules/telephony/media/media-service.ts';
import type { MediaEvent } from '../../src-main/modules/telephony/telephony.ts';
import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { createAudioPortPair } from '../../src-main/platform/workers/audio-port.ts';
import { createOpenGate } from '../doubles/open-gate.ts';
import { asteriskImage, startProvider, type Provider } from '../doubles/provider-asterisk.ts';
import { startRtpPhone, type RtpPhone } from '../doubles/rtp-phone.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { faultsOf, scale, SCALE_STEPS, stepsIn } from '../doubles/scale.ts';

/*
 * The dialplan that is printed for people with an Asterisk of their own, in such an Asterisk: its callers reach the assistant by sound alone. The voice is a scale.
 */

const image = noAsterisk === undefined ? await asteriskImage() : undefined;
const missing = noAsterisk ?? (image === undefined ? 'there is no image of Asterisk yet' : undefined);
const PATIENCE = { timeout: 15_000, interval: 50 };

/** The media worker's service as calls see it, and what is heard of its legs. */
function legsOf(): { service: MediaService; legs: MediaLegs; heard: (legId: string) => Float32Array } {
  const listeners = new Set<(event: MediaEvent) => void>();
  const heard = new Map<string, Float32Array[]>();
  const service = createMediaService({
    clock: systemClock,
    emit: (event) => listeners.forEach((listener) => listener(event)),
    onError: (error) => console.error(error),
  });
  const legs: MediaLegs = {
    open({ legId }) {
      service.open({ legId, sessionId: legId });
      const [here, there] = createAudioPortPair();
      service.attachPort(mediaLink(legId, 'capture'), there);
      const pieces: Float32Array[] = [];
      heard.set(legId, pieces);
      here.onMessage((message) => message.type === 'capture' && pieces.push(message.samples));
      return Promise.resolve({ transport: 'audiosocket', host: '', format: 'slin16' });
    },
    close: (legId) => Promise.resolve(void service.close({ legId })),
    listen: () => Promise.resolve(),
    say: () => Promise.resolve(true),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { service, legs, heard: (legId) => joinSamples(heard.get(legId) ?? []) };
}

describe.skipIf(missing !== undefined)(titled('the dialplan for an Asterisk of one’s own', missing), () => {
  let provider: Provider;
  let media: ReturnType<typeof legsOf>;
  let line: OpenLine;
  const told: PhoneCall[] = [];
  const begun: string[] = [];

  beforeAll(async () => {
    media = legsOf();
    const { port } = await media.service.listenOpen({ port: 0 });
    const voice: CallVoice = {
      begin({ call, legId }) {
        begun.push(legId);
        void media.service.play({ legId, soundId: legId, samples: scale(24_000), sampleRateHz: 24_000 });
        return Promise.resolve({ conversationId: `conv-${call.id}`, characterId: 'default' });
      },
      pause: () => undefined,
      hint: () => undefined,
      standing: () => undefined,
      end: () => undefined,
      onEvent: () => () => undefined,
    };
    line = createOpenLine({
      media: media.legs,
      voice,
      gate: createOpenGate(),
      settings: { maxMs: () => 60_000, maxCallsAtOnce: () => 4 },
      clock: systemClock,
      log: silentLog,
    });
    line.onCall((call) => void told.push(call));
    provider = await startProvider({ image: image ?? '', dialplan: avrDialplan({ port: port ?? 0 }) });
  }, 120_000);
  afterAll(async () => {
    await provider?.dispose();
    await line?.dispose();
    await media?.service.dispose();
  }, 60_000);

  const dial = async (number: string): Promise<RtpPhone> => {
    const phone = await startRtpPhone({ target: provider.sipPort, user: 'stranger' });
    onTestFinished(() => phone.dispose());
    await phone.dial(number);
    await phone.say(scale(8_000));
    return phone;
  };

  it.each(['5001', '5002'])(
    'brings the callers of extension %s to the assistant, with sound both ways',
    { timeout: 60_000 },
    async (number) => {
      const phone = await dial(number);
      const legId = begun.at(-1) ?? '';
      await expect.poll(() => stepsIn(media.heard(legId), 16_000).at(-1), PATIENCE).toBe(SCALE_STEPS - 1);
      await sleep(300);
      expect(faultsOf(stepsIn(media.heard(legId), 16_000))).toEqual([]);
      expect(faultsOf(stepsIn(phone.heard(), 8_000))).toEqual([]);
      expect(line.active()).toMatchObject([{ direction: 'in', way: 'audiosocket', state: { state: 'talking', by: 'assistant' } }]);
      await phone.hangUp();
      await expect.poll(() => told.at(-1)?.state, PATIENCE).toEqual({ state: 'ended', reason: 'hung-up-there' });
      expect(line.active()).toEqual([]);
    },
  );

  it('hangs up on the caller when the owner ends the call', { timeout: 60_000 }, async () => {
    await dial('5001');
    const [call] = line.active();
    expect(await line.hangUp(call?.id ?? '')).toBe(true);
    await expect.poll(() => provider.channels(), PATIENCE).toBe(0);
    expect(told.at(-1)?.state).toEqual({ state: 'ended', reason: 'hung-up-here' });
    expect(await line.hangUp(call?.id ?? '')).toBe(false);
  });
});
