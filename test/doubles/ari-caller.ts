import type { ExchangeAddresses } from '../../src-main/modules/telephony/telephony.ts';

/** An event of Asterisk's, as far as the tests look at it. */
interface AriTold {
  type: string;
  channel?: { id: string };
  digit?: string;
  cause?: number;
}

/** Somebody who calls the window's softphone through a real Asterisk, in the core's place. */
export interface AriCaller {
  /** Calls the softphone for that call of the core's; resolves when the exchange has taken it. The channel's id is the call's. */
  ring(callId: string, headers?: Record<string, string>): Promise<void>;
  /** Until the softphone has answered. */
  answered(callId: string): Promise<void>;
  ended(callId: string): Promise<void>;
  hangUp(callId: string): Promise<void>;
  /** What comes from the window, 8 kHz WAV. */
  record(callId: string, seconds: number): Promise<Uint8Array>;
  /** A steady tone, until the call ends. */
  playTone(callId: string, frequencyHz: number): Promise<void>;
  digits(callId: string): string;
  hangUpAll(): Promise<void>;
  close(): void;
}

export async function openAriCaller({ http, ariUser, ariPassword }: ExchangeAddresses): Promise<AriCaller> {
  const told: AriTold[] = [];
  const socket = new WebSocket(`${http.replace(/^http/, 'ws')}/ari/events?app=openclaw&api_key=${ariUser}:${ariPassword}`);
  socket.addEventListener('message', ({ data }) => told.push(JSON.parse(String(data)) as AriTold));
  await new Promise((done, reject) => {
    socket.addEventListener('open', done, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const authorization = `Basic ${Buffer.from(`${ariUser}:${ariPassword}`).toString('base64')}`;
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    const init = { method, headers: { authorization, 'content-type': 'application/json' } };
    const response = await fetch(`${http}/ari/${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  /** A test that runs again calls with the same id: what was told of its first try does not count. */
  const rangAt = new Map<string, number>();
  const toldOf = (callId: string): AriTold[] => told.slice(rangAt.get(callId) ?? 0).filter((event) => event.channel?.id === callId);
  const seen = async (type: string, callId: string): Promise<void> => {
    for (const untilMs = Date.now() + 15_000; Date.now() < untilMs;) {
      if (toldOf(callId).some((event) => event.type === type)) return;
      await new Promise((done) => setTimeout(done, 5));
    }
    throw new Error(`No ${type} of ${callId}: ${told.map((event) => event.type).join(' ')}`);
  };
  let recordings = 0;

  return {
    async ring(callId, headers = {}) {
      const all = { 'X-OpenClaw-Call': callId, ...headers };
      rangAt.set(callId, told.length);
      const variables = Object.fromEntries(Object.entries(all).map(([name, value]) => [`PJSIP_HEADER(add,${name})`, value]));
      await ask('POST', 'channels', { endpoint: 'PJSIP/1000', app: 'openclaw', channelId: callId, variables, timeout: 30 });
    },
    answered: (callId) => seen('StasisStart', callId),
    ended: (callId) => seen('ChannelDestroyed', callId),
    hangUp: async (callId) => void (await ask('DELETE', `channels/${callId}`)),
    async record(callId, seconds) {
      recordings += 1;
      const name = `softphone-${callId}-${recordings}`;
      await ask('POST', `channels/${callId}/record?name=${name}&format=wav&ifExists=overwrite`);
      await new Promise((done) => setTimeout(done, seconds * 1000));
      await ask('POST', `recordings/live/${name}/stop`);
      const stored = await ask('GET', `recordings/stored/${name}/file`);
      return new Uint8Array(await stored.arrayBuffer());
    },
    playTone: async (callId, frequencyHz) => void (await ask('POST', `channels/${callId}/play?media=tone:${frequencyHz}`)),
    digits: (callId) =>
      toldOf(callId)
        .filter((event) => event.type === 'ChannelDtmfReceived')
        .map((event) => event.digit)
        .join(''),
    async hangUpAll() {
      const left = (await (await ask('GET', 'channels')).json()) as { id: string }[];
      // Some end by themselves meanwhile.
      await Promise.all(left.map(({ id }) => ask('DELETE', `channels/${id}`).catch(() => undefined)));
    },
    close: () => socket.close(),
  };
}
