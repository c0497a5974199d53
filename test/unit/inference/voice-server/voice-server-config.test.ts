import { describe, expect, it } from 'vitest';
import { isVoiceServerSetting, voiceServerOf, voiceServerSettings } from '../../../../src-main/inference/voice-server/index.ts';
import { createConfig } from '../../../../src-main/platform/config/index.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const open = async () =>
  createConfig({
    dataDirectory: await temporaryFolder(),
    definitions: [...voiceServerSettings],
    clock: createVirtualClock(),
    log: createRecordingLog(),
  });

describe('voiceServerOf', () => {
  it('knows of no server until an address is set', async () => expect(voiceServerOf(await open())).toBeUndefined());

  it.each([
    ['http://127.0.0.1:8091', 'http://127.0.0.1:8091/v1'],
    [' http://127.0.0.1:8091/v1/ ', 'http://127.0.0.1:8091/v1'],
    ['https://voice.local/v1/audio/speech', 'https://voice.local/v1'],
    ['http://127.0.0.1:8091/tts/v1', 'http://127.0.0.1:8091/tts/v1'],
  ])('mends %j to %s', async (typed, baseUrl) => {
    const config = await open();
    await config.set('voice.serverAddress', typed);
    await config.set('voice.serverVoice', 'vivian');
    const server = { baseUrl, model: 'Qwen/Qwen3-TTS-12Hz-1.7B-CustomVoice', voice: 'vivian', remoteAllowed: false };
    expect(voiceServerOf(config)).toEqual(server);
    await config.set('voice.serverRemote', true);
    expect(voiceServerOf(config)).toEqual({ ...server, remoteAllowed: true });
  });

  it.each(['127.0.0.1:8091', 'ftp://127.0.0.1', 'http://me:secret@127.0.0.1', 'http://127.0.0.1/?key=1'])('refuses %j', async (typed) => {
    await expect((await open()).set('voice.serverAddress', typed)).rejects.toMatchObject({ code: 'config.bad-value' });
  });
});

describe('isVoiceServerSetting', () => {
  it('is true for the four of them', () => {
    const keys = ['voice.serverAddress', 'voice.serverModel', 'voice.serverVoice', 'voice.serverRemote', 'voice.speed'];
    expect(keys.map(isVoiceServerSetting)).toEqual([true, true, true, true, false]);
  });
});
