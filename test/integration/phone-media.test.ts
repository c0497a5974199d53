import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src-main/base/clock.ts';
import { createMediaService, type MediaService } from '../../src-main/modules/telephony/media/media-service.ts';
import { mediaLink } from '../../src-main/modules/telephony/media/media-links.ts';
import type { MediaEvent } from '../../src-main/modules/telephony/telephony.ts';
import { createAudioPortPair } from '../../src-main/platform/workers/audio-port.ts';
import { joinSamples } from '../../src-main/platform/audio/index.ts';
import type { AudioPort } from '../../src-preload/contract/index.ts';
import { connectAsAsterisk, type AsteriskAudioSocket } from '../doubles/asterisk-audio-socket.ts';
import { decibelsOf, sine, strongestFrequency } from '../doubles/media-tones.ts';

/** Real connections, real time, both ends measured. */
const services: MediaService[] = [];
const clients: AsteriskAudioSocket[] = [];

async function startMedia() {
  const events: MediaEvent[] = [];
  const errors: unknown[] = [];
  const service = createMediaService({ clock: systemClock, emit: (event) => events.push(event), onError: (error) => errors.push(error) });
  services.push(service);
  const ports = await service.listen({ audioSocketPort: 0, webSocketPort: 0 });
  return { service, events, errors, ports };
}

/** A leg with what a recogniser hears of it and a voice that speaks into it. */
function openLeg(service: MediaService, legId: string) {
  const sessionId = `ses-${legId}`;
  service.open({ legId, sessionId });
  const line = (direction: 'capture' | 'playback'): AudioPort => {
    const [here, there] = createAudioPortPair();
    service.attachPort(mediaLink(sessionId, direction), there);
    return here;
  };
  const heard: Float32Array[] = [];
  line('capture').onMessage((message) => message.type === 'capture' && heard.push(message.samples));
  const voice = line('playback');
  return {
    heard: () => joinSamples(heard),
    /** As the synthesis worker does it: pieces of a segment, the last one marked. */
    speak(utteranceId: string, samples: Float32Array, sampleRateHz: number): void {
      for (let start = 0; start < samples.length; start += 4_410) {
        const piece = samples.subarray(start, start + 4_410);
        voice.post({ type: 'speech', utteranceId, segmentIndex: 0, sampleRateHz, samples: piece, last: start + 4_410 >= samples.length });
      }
    },
  };
}

async function call(port: number, legId: string, rateHz: 8_000 | 16_000, sends = true): Promise<AsteriskAudioSocket> {
  const client = await connectAsAsterisk({ port, legId, rateHz, sends });
  clients.push(client);
  return client;
}

/** A busy machine takes its time. */
const PATIENCE = { timeout: 5_000, interval: 10 };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/**
 * Of the longest stretch without a gap in which it sounds, half a second without its edges. A test machine that stands still for a moment makes sound come late, and what is missing
 * is silence then: that is not what is measured here.
 */
function soundingPart(samples: Float32Array, rateHz: number): Float32Array {
  const frame = rateHz / 100;
  const edge = 3 * frame;
  let best = samples.subarray(0, 0);
  for (let start = 0; start < samples.length; start += frame) {
    let end = start;
    while (end < samples.length && decibelsOf(samples.subarray(end, end + frame)) > -24) end += frame;
    if (end - start > best.length) best = samples.subarray(start, end);
    start = end;
  }
  return best.subarray(edge, Math.max(edge, Math.min(best.length - edge, rateHz / 2)));
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(services.splice(0).map((service) => service.dispose()));
});

describe('sound through an AudioSocket leg', () => {
  it.each([8_000, 16_000] as const)('keeps the level within 0.5 dB and the frequency within 1 Hz both ways, at %i Hz', async (rateHz) => {
    const { service, events, errors, ports } = await startMedia();
    const legId = randomUUID();
    const leg = openLeg(service, legId);
    const client = await call(ports.audioSocketPort, legId, rateHz);
    await expect.poll(() => events.some(({ type }) => type === 'leg.connected'), PATIENCE).toBe(true);
    leg.speak('u1', sine(997, -20, 1_500, 22_050), 22_050);
    service.command({ legId, command: { command: 'start', utteranceId: 'u1' } });
    service.command({ legId, command: { command: 'finish', utteranceId: 'u1', segmentCount: 1 } });
    client.say(sine(603, -20, 1_500, rateHz));
    await expect.poll(() => events.some((event) => event.type === 'leg.report' && event.report.event === 'ended'), PATIENCE).toBe(true);
    await client.said();
    await sleep(200);

    const there = soundingPart(client.sound(), rateHz);
    const here = soundingPart(leg.heard(), 16_000);
    expect(Math.min(there.length / rateHz, here.length / 16_000)).toBeGreaterThan(0.15);
    expect(Math.abs(decibelsOf(there) + 20)).toBeLessThan(0.5);
    expect(Math.abs(strongestFrequency(there, 997, rateHz) - 997)).toBeLessThan(1);
    expect(Math.abs(decibelsOf(here) + 20)).toBeLessThan(0.5);
    expect(Math.abs(strongestFrequency(here, 603, 16_000) - 603)).toBeLessThan(1);
    const statistics = service.close({ legId });
    expect(statistics).toMatchObject({ underflows: 0 });
    const reports = events.flatMap((event) => (event.type === 'leg.report' ? [event.report] : []));
    expect(reports[0]).toMatchObject({ event: 'started', outputLatencyMs: 20 });
    expect(reports.at(-1)?.playedMs).toBeCloseTo(1_500, -1);
    expect(errors).toEqual([]);
  });

  it('is silent at once when it is interrupted, plays on where it was paused, and forgets what was dropped', async () => {
    const { service, events, ports } = await startMedia();
    const legId = randomUUID();
    const leg = openLeg(service, legId);
    const client = await call(ports.audioSocketPort, legId, 16_000);
    leg.speak('u1', sine(500, -20, 20_000, 24_000), 24_000);
    const command = (name: 'start' | 'pause' | 'resume' | 'drop'): void =>
      service.command({ legId, command: { command: name, utteranceId: 'u1' } });
    /** How loud the last frames are that have arrived. */
    const lately = (): number => decibelsOf(joinSamples(client.heard.slice(-5).map(({ samples }) => samples)));
    command('start');
    await expect.poll(lately, PATIENCE).toBeGreaterThan(-25);
    command('pause');
    await expect.poll(lately, PATIENCE).toBeLessThan(-55);
    command('resume');
    await expect.poll(lately, PATIENCE).toBeGreaterThan(-25);
    command('drop');
    await expect.poll(lately, PATIENCE).toBeLessThan(-55);
    const told = events.flatMap((event) => (event.type === 'leg.report' && event.report.event !== 'progress' ? [event.report.event] : []));
    expect(told).toEqual(['started', 'paused', 'resumed']);
    // No click: from one sample to the next nothing jumps further than the tone itself does.
    const all = client.sound();
    const jumps = all.subarray(1).map((sample, index) => Math.abs(sample - (all[index] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(0.04);
  });

  it('plays a greeting at once, also to a caller from whom nothing comes, and says when it was cut off', async () => {
    const { service, ports } = await startMedia();
    const legId = randomUUID();
    openLeg(service, legId);
    const whole = service.play({ legId, soundId: 'hello', samples: sine(700, -20, 300, 24_000), sampleRateHz: 24_000 });
    const cut = service.play({ legId, soundId: 'long', samples: sine(700, -20, 5_000, 24_000), sampleRateHz: 24_000 });
    const client = await call(ports.audioSocketPort, legId, 16_000, false);
    expect(await whole).toBe(true);
    await sleep(200);
    service.silence({ legId });
    expect(await cut).toBe(false);
    expect(decibelsOf(client.sound())).toBeGreaterThan(-26);
  });

  it('hangs up on whoever is not expected, and closes the connection when either side hangs up', async () => {
    const { service, events, ports } = await startMedia();
    const stranger = await call(ports.audioSocketPort, randomUUID(), 16_000);
    await expect.poll(() => stranger.isClosed(), { timeout: 10_000 }).toBe(true);

    const [first, second] = [randomUUID(), randomUUID()];
    for (const legId of [first, second]) openLeg(service, legId);
    const there = await call(ports.audioSocketPort, first, 16_000);
    const here = await call(ports.audioSocketPort, second, 16_000);
    there.digit('5');
    there.hangUp();
    await expect.poll(() => there.isClosed(), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => events.filter(({ type }) => type === 'leg.closed'), PATIENCE).toEqual([{ type: 'leg.closed', legId: first }]);
    expect(events).toContainEqual({ type: 'leg.digit', legId: first, digit: '5' });
    expect(service.close({ legId: first })).toMatchObject({ legId: first });
    service.close({ legId: second });
    await expect.poll(() => here.isClosed(), { timeout: 10_000 }).toBe(true);
    expect(service.statistics()).toEqual({ legs: [] });
  });

  it('asks main about whoever comes to the open port', async () => {
    const { service, events } = await startMedia();
    const { port } = await service.listenOpen({ port: 0 });
    const legId = randomUUID();
    const client = await call(port ?? 0, legId, 8_000);
    await expect.poll(() => events.some(({ type }) => type === 'leg.uninvited'), PATIENCE).toBe(true);
    const leg = openLeg(service, legId);
    client.say(sine(400, -20, 300, 8_000));
    await expect.poll(() => decibelsOf(soundingPart(leg.heard(), 16_000)), PATIENCE).toBeGreaterThan(-30);
    await expect.poll(() => client.heard.length, PATIENCE).toBeGreaterThan(5);
    expect(await service.listenOpen({ port: 0 })).toEqual({ port });
    expect(client.isClosed()).toBe(false);
    expect(await service.listenOpen({ port: null })).toEqual({ port: null });
    await expect.poll(() => client.isClosed(), { timeout: 10_000 }).toBe(true);
  });

  it('leaves nothing open after 500 legs', async () => {
    const { service, ports } = await startMedia();
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- belongs to this test
    const handles = (): number => process.getActiveResourcesInfo().filter((name) => /TCPSocket|Timeout/.test(name)).length;
    await sleep(50);
    const before = handles();
    for (let round = 0; round < 50; round += 1) {
      const legIds = Array.from({ length: 10 }, () => randomUUID());
      for (const legId of legIds) openLeg(service, legId);
      const opened = await Promise.all(
        legIds.map((legId) => connectAsAsterisk({ port: ports.audioSocketPort, legId, rateHz: 16_000, sends: false })),
      );
      await sleep(5);
      for (const [index, client] of opened.entries()) {
        if (index % 2 === 0) client.hangUp();
        service.close({ legId: legIds[index] ?? '' });
      }
      await expect.poll(() => opened.every((client) => client.isClosed()), { timeout: 15_000 }).toBe(true);
    }
    expect(service.statistics()).toEqual({ legs: [] });
    await expect.poll(() => handles() <= before + 1, { timeout: 15_000 }).toBe(true);
  });
});

describe('sound through chan_websocket', () => {
  it.each([
    ['slin16', 16_000],
    ['ulaw', 8_000],
  ])('answers MEDIA_START of %s with sound, hears sound that came before it, and flushes at a barge-in', async (format, rateHz) => {
    const { service, events, ports } = await startMedia();
    const legId = randomUUID();
    const leg = openLeg(service, legId);
    const socket = new WebSocket(`ws://127.0.0.1:${ports.webSocketPort}/media`, 'media');
    await new Promise((resolve) => void socket.once('open', resolve));
    const commands: string[] = [];
    let sizes = 0;
    socket.on('message', (data, isBinary) => {
      if (isBinary) sizes += (data as Buffer).length;
      else commands.push((JSON.parse((data as Buffer).toString()) as { command: string }).command);
    });
    const frame = Buffer.alloc(format === 'ulaw' ? 160 : 640, 0x55);
    socket.send(frame);
    socket.send('no json');
    socket.send(
      JSON.stringify({ event: 'MEDIA_START', connection_id: 'c', channel_id: legId, format, optimal_frame_size: frame.length, ptime: 20 }),
    );
    socket.send(JSON.stringify({ event: 'DTMF_END', digit: '9' }));
    leg.speak('u1', sine(500, -20, 2_000, 22_050), 22_050);
    service.command({ legId, command: { command: 'start', utteranceId: 'u1' } });
    await expect.poll(() => sizes, PATIENCE).toBeGreaterThan(10 * frame.length);
    service.command({ legId, command: { command: 'drop', utteranceId: 'u1' } });
    await expect.poll(() => commands, PATIENCE).toContain('FLUSH_MEDIA');
    expect(events).toContainEqual({ type: 'leg.digit', legId, digit: '9' });
    expect(sizes % (rateHz / 50)).toBe(0);
    expect(leg.heard().some((sample) => Math.abs(sample) > 0.01)).toBe(true);
    service.close({ legId });
    await new Promise((resolve) => void socket.once('close', resolve));
    expect(commands.at(-1)).toBe('HANGUP');
  });
});
