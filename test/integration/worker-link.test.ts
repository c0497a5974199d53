import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { mediaLink } from '../../src-main/modules/telephony/media/media-links.ts';
import { createMediaDoors } from '../../src-main/modules/telephony/media/media-doors.ts';
import type { MediaEvent, MediaMethods } from '../../src-main/modules/telephony/telephony.ts';
import { readChildEnvironment } from '../../src-main/platform/config/environment.ts';
import { createSupervisedWorker, linkBySocket, workerEntry, type SupervisedWorker } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { connectAsAsterisk, type AsteriskAudioSocket } from '../doubles/asterisk-audio-socket.ts';
import { freePort } from '../doubles/free-port.ts';
import { decibelsOf, sine } from '../doubles/media-tones.ts';
import type { VoiceEvent, VoiceMethods } from '../fixtures/workers/voice-methods.ts';

const open: { dispose(): unknown }[] = [];
const clients: AsteriskAudioSocket[] = [];

function start<Methods extends object, Event>(name: 'media' | 'recognition', entry: URL): SupervisedWorker<Methods, Event> {
  const launch = createNodeLauncher({ environment: readChildEnvironment(), log: silentLog });
  const worker = createSupervisedWorker<Methods, Event>(
    { name, entry, memoryLimitBytes: 1024 ** 3 },
    { launch, clock: systemClock, log: silentLog },
  );
  open.push(worker);
  return worker;
}

const startMedia = () => createMediaDoors(start<MediaMethods, MediaEvent>('media', workerEntry('media')));
const startVoice = () => start<VoiceMethods, VoiceEvent>('recognition', new URL('../fixtures/workers/voice.worker.ts', import.meta.url));

async function openLinkedLeg(media: ReturnType<typeof startMedia>, voice: ReturnType<typeof startVoice>): Promise<AsteriskAudioSocket> {
  const { audioSocketPort } = await media.doors();
  const legId = randomUUID();
  const opened = new Promise((resolve) => void voice.onEvent(resolve));
  await media.worker.call('leg.open', { legId, sessionId: legId });
  for (const direction of ['capture', 'playback'] as const)
    await linkBySocket({ worker: media.worker, sessionId: mediaLink(legId, direction) }, { worker: voice, sessionId: legId });
  await opened;
  const client = await connectAsAsterisk({ port: audioSocketPort, legId, rateHz: 16_000 });
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(open.splice(0).map((owned) => owned.dispose()));
});

describe('linkBySocket', () => {
  it('carries sound between two processes, from the telephone and back', async () => {
    const media = startMedia();
    const voice = startVoice();
    const client = await openLinkedLeg(media, voice);
    client.say(sine(500, -20, 1_000, 16_000));
    await client.said();
    await expect.poll(() => voice.call('heard', {})).toBeGreaterThan(16_000);
    const { legId } = (await media.worker.call('statistics', {})).legs[0] ?? { legId: '' };
    await media.worker.call('leg.command', { legId, command: { command: 'start', utteranceId: 'hum' } });
    await voice.call('say', { utteranceId: 'hum', milliseconds: 500 });
    await expect.poll(() => decibelsOf(client.sound().slice(-3_200)), { timeout: 3_000 }).toBeGreaterThan(-35);
  });

  it('leaves main without connections, and the survivor without a port, when one side is stopped', async () => {
    const media = startMedia();
    const voice = startVoice();
    const before = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
    await openLinkedLeg(media, voice);
    clients.splice(0).forEach((client) => client.close());
    await expect.poll(() => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length).toBe(before);
    await voice.stop({ now: true });
    expect((await media.worker.call('statistics', {})).legs.length).toBeLessThan(2);
  });

  it('opens the same doors again after a crash', async () => {
    const media = startMedia();
    const first = await media.doors();
    const state = media.worker.state();
    if (state.state !== 'running') throw new Error('not running');
    process.kill(state.pid, 'SIGKILL');
    await expect.poll(() => media.worker.state().state, { timeout: 10_000 }).not.toBe('running');
    expect(await media.doors()).toEqual(first);
  });

  it(
    'opens the door for dialplans of other people while it is wanted, and says when another program has it',
    { timeout: 60_000 },
    async () => {
      const port = await freePort();
      let wanted: number | undefined;
      const problems: string[] = [];
      const openMedia = () =>
        createMediaDoors(start<MediaMethods, MediaEvent>('media', workerEntry('media')), {
          port: () => wanted,
          onProblem: ({ code }) => problems.push(code),
        });
      const media = openMedia();
      await media.followOpenPort();
      expect(media.worker.state().state).toBe('stopped');
      wanted = port;
      await media.followOpenPort();
      const uninvited = new Promise(
        (resolve) => void media.worker.onEvent((event) => event.type === 'leg.uninvited' && resolve(event.legId)),
      );
      const legId = randomUUID();
      clients.push(await connectAsAsterisk({ port, legId, rateHz: 8_000 }));
      expect(await uninvited).toBe(legId);

      const second = openMedia();
      expect((await second.doors()).audioSocketPort).toBeGreaterThan(0);
      expect(problems).toEqual(['phone.port-taken']);
      wanted = undefined;
      await media.followOpenPort();
      await expect(connectAsAsterisk({ port, legId, rateHz: 8_000 })).rejects.toThrow('ECONNREFUSED');
    },
  );
});
