import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PhoneStatus, SoftphoneAccess } from '../../../../src-preload/contract/index.ts';
import { CallError } from '../../../../src-renderer/bridge/index.ts';
import { keepLine } from '../../../../src-renderer/softphone/line-keeper.ts';
import type { SipLineOptions } from '../../../../src-renderer/softphone/sip-line.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const status = (state: PhoneStatus['state']): PhoneStatus => ({
  state,
  source: null,
  steps: [],
  error: null,
  version: '',
  softphone: false,
  trunks: [],
  mobiles: [],
  quietUntilMs: null,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function setUp(state: PhoneStatus['state'] = 'ready', door: 'window' | 'browser' = 'window', exchangeUrl?: string) {
  const lines: (SipLineOptions & { closed: boolean })[] = [];
  const seen: string[] = [];
  let isReady = true;
  let refusal: string | undefined;
  let lives = 0;
  let lost = 0;
  const bridge = Object.assign(
    createScriptedBridge({
      'phone.status': () => status(state),
      'phone.softphone'({ takeOver }): SoftphoneAccess {
        if (refusal !== undefined && !(refusal === 'phone.softphone-elsewhere' && takeOver))
          throw new CallError({ code: refusal, message: 'no', details: {} });
        if (!isReady) throw new CallError({ code: 'phone.not-ready', message: 'not yet', details: {} });
        lives += 1;
        return { url: `ws://127.0.0.1:${lives}/ws`, user: '1000', password: `p${lives}`, realm: 'asterisk' };
      },
      'phone.reportSoftphone': () => undefined,
    }),
    { door },
  );
  const keeper = keepLine({
    bridge,
    exchangeUrl,
    loadLine: async () => (options) => {
      const line = { ...options, closed: false };
      lines.push(line);
      return { close: () => void (line.closed = true) };
    },
    onLine: (line) => seen.push(line.state === 'failed' ? line.error.code : line.state),
    onInvite: () => undefined,
    onLost: () => void (lost += 1),
  });
  await vi.advanceTimersByTimeAsync(0);
  const tell = async (next: PhoneStatus['state']): Promise<void> => {
    bridge.tell('phone.status', status(next));
    await vi.advanceTimersByTimeAsync(0);
  };
  const reports = () => bridge.calls.flatMap(([name, input]) => (name === 'phone.reportSoftphone' ? [input] : []));
  const move = async (free: boolean, waitMs = 0): Promise<void> => {
    bridge.tell('phone.softphoneMoved', { free });
    await vi.advanceTimersByTimeAsync(waitMs);
  };
  const refuse = (code: string | undefined): void => void (refusal = code);
  return {
    bridge,
    lines,
    seen,
    keeper,
    tell,
    move,
    refuse,
    reports,
    lost: () => lost,
    setReady: (ready: boolean) => void (isReady = ready),
  };
}

describe('keepLine', () => {
  it('registers when the exchange is there, tells the core, and lets go when it is shut down', async () => {
    const { lines, seen, tell, reports } = await setUp('off');
    expect(seen).toEqual([]);
    await tell('ready');
    lines[0]?.onRegistered();
    await tell('off');
    expect(seen).toEqual(['connecting', 'registered', 'off']);
    expect(lines.map(({ closed }) => closed)).toEqual([true]);
    expect(reports()).toEqual([{ registered: true }, { registered: false }]);
  });

  it('reaches the exchange at its own address, or at the one that this page has for it', async () => {
    const own = 'ws://127.0.0.1:18788/exchange';
    expect((await setUp('ready', 'window')).lines[0]?.access.url).toBe('ws://127.0.0.1:1/ws');
    expect((await setUp('ready', 'browser', own)).lines[0]?.access).toMatchObject({ url: own, password: 'p1' });
  });

  it('tries again with growing pauses and fresh access, and begins with the shortest after success', async () => {
    const { lines, seen, lost } = await setUp();
    const at: number[] = [];
    for (let failure = 0; failure < 6; failure += 1) {
      at.push(Date.now());
      lines.at(-1)?.onLost('unreachable');
      await vi.advanceTimersToNextTimerAsync();
    }
    expect(at.map((time, index) => time - (at[index - 1] ?? time))).toEqual([0, 250, 500, 1000, 2000, 4000]);
    expect(new Set(lines.map(({ access }) => access.password)).size).toBe(7);
    expect(lines.filter(({ closed }) => !closed)).toHaveLength(1);
    lines.at(-1)?.onRegistered();
    lines.at(-1)?.onLost('unreachable');
    await vi.advanceTimersByTimeAsync(250);
    expect(lines).toHaveLength(8);
    expect([seen, lost()]).toEqual([['connecting', 'phone.softphone-unreachable', 'registered', 'connecting'], 7]);
  });

  it('waits without calling that a failure while the core has no access yet, however long that takes', async () => {
    const { lines, seen, tell, setReady } = await setUp('off');
    setReady(false);
    await tell('setting-up');
    await vi.advanceTimersByTimeAsync(60_000);
    setReady(true);
    await tell('ready');
    lines.at(-1)?.onRegistered();
    expect(seen).toEqual(['connecting', 'registered']);
  });

  it('says at once that it is refused', async () => {
    const { lines, seen } = await setUp();
    lines[0]?.onLost('refused');
    expect(seen).toEqual(['connecting', 'phone.softphone-refused']);
  });

  it('registers while the set-up is under way, as soon as the core has an access for it', async () => {
    const { lines, seen, tell, setReady } = await setUp('off');
    setReady(false);
    await tell('setting-up');
    expect([lines.length, seen]).toEqual([0, ['connecting']]);
    setReady(true);
    await vi.advanceTimersByTimeAsync(250);
    lines[0]?.onRegistered();
    await tell('ready');
    expect([lines.length, seen]).toEqual([1, ['connecting', 'registered']]);
  });

  it('lets go when another page takes it over, and begins again at once when that has gone', async () => {
    const { lines, seen, move, lost } = await setUp();
    lines[0]?.onRegistered();
    await move(false);
    expect([lines[0]?.closed, lost(), seen]).toEqual([true, 1, ['connecting', 'registered', 'elsewhere']]);
    await move(true);
    lines[1]?.onRegistered();
    expect(seen.slice(3)).toEqual(['connecting', 'registered']);
  });

  it('waits quietly where another page is the telephone, and gives the window the first place', async () => {
    const { lines, seen, tell, move, refuse } = await setUp('off', 'browser');
    refuse('phone.softphone-elsewhere');
    await tell('starting');
    await tell('ready');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([lines.length, seen]).toEqual([0, ['connecting', 'elsewhere']]);
    refuse(undefined);
    await move(true, 1000);
    expect(lines).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    lines[0]?.onRegistered();
    expect(seen.at(-1)).toBe('registered');
  });

  it('is made the telephone by its owner, unless the other page talks', async () => {
    const { lines, seen, keeper, refuse } = await setUp('off');
    refuse('phone.softphone-in-call');
    await expect(keeper.takeOver()).rejects.toMatchObject({ code: 'phone.softphone-in-call' });
    refuse('phone.softphone-elsewhere');
    await keeper.takeOver();
    lines[0]?.onRegistered();
    expect(seen.at(-1)).toBe('registered');
  });

  it('keeps its line, and a call on it, when only the connection to the core was lost', async () => {
    const { bridge, lines, seen, reports } = await setUp('ready', 'browser');
    lines[0]?.onRegistered();
    bridge.setConnection('lost');
    bridge.setConnection('open');
    await vi.advanceTimersByTimeAsync(0);
    expect([lines.length, lines[0]?.closed, seen]).toEqual([1, false, ['connecting', 'registered']]);
    expect(reports()).toEqual([{ registered: true }, { registered: true }]);
    expect(bridge.calls.filter(([name]) => name === 'phone.softphone')).toHaveLength(2);
  });

  it('leaves nothing behind', async () => {
    const { lines, keeper, seen } = await setUp();
    lines[0]?.onLost('unreachable');
    keeper.dispose();
    lines[0]?.onRegistered();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([lines.length, vi.getTimerCount(), seen]).toEqual([1, 0, ['connecting']]);
  });
});
