import { describe, expect, it } from 'vitest';
import { createPhoneDoctor, phoneProbes, type PhoneProbe } from '../../../../../src-main/modules/telephony/records/phone-doctor.ts';
import type { ExchangeState, LegStatistics } from '../../../../../src-main/modules/telephony/telephony.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

const ready: ExchangeState = {
  state: 'ready',
  addresses: { http: 'http://127.0.0.1:1', ariUser: 'a', ariPassword: 'b', sipPort: 1 },
  version: '22.10.1',
};
const leg = (framesSent: number, lateFrames: number): LegStatistics => ({
  legId: 'l',
  framesSent,
  lateFrames,
  underflows: 0,
  framesReceived: 1,
  latenessMs: { p50: 0, p95: 0, max: 0 },
  receivedDecibels: -30,
});

async function look(more: Partial<Parameters<typeof phoneProbes>[0]> = {}) {
  const probes = phoneProbes({
    exchange: { state: () => ready, registrations: () => Promise.resolve(new Map()) },
    ari: () => ({ state: () => 'connected' }),
    softphone: () => true,
    trunkNames: () => new Map(),
    media: () => Promise.resolve({ legs: [] }),
    historyProblem: () => undefined,
    dataDirectory: await temporaryFolder(),
    ...more,
  });
  return new Map((await createPhoneDoctor(probes, createVirtualClock())()).map(({ name, ...finding }) => [name, finding]));
}

describe('createPhoneDoctor', () => {
  it('finds everything well where it is', async () => {
    const findings = await look({
      trunkNames: () => new Map([['sipgate', 'My trunk']]),
      exchange: { state: () => ready, registrations: () => Promise.resolve(new Map([['sipgate', 'registered'] as const])) },
    });
    expect([...findings.values()].map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
    expect(findings.get('exchange')?.message).toBe('Asterisk 22.10.1 answers.');
  });

  it('says what is wrong with each part', async () => {
    const broken = await look({
      exchange: {
        state: () => ({ state: 'broken', error: { code: 'phone.x', message: 'Port 5060 is taken.', details: {} } }),
        registrations: () => Promise.reject(new Error('not asked')),
      },
      ari: () => ({ state: () => 'lost' }),
      softphone: () => false,
      media: () => Promise.resolve({ legs: [leg(1_000, 10), leg(1_000, 20)] }),
      historyProblem: () => ({ code: 'store.x', message: 'The disk is full.', details: {} }),
    });
    expect([...broken].map(([name, { status }]) => [name, status])).toEqual([
      ['exchange', 'problem'],
      ['control', 'problem'],
      ['softphone', 'warning'],
      ['trunks', 'warning'],
      ['sound', 'warning'],
      ['log', 'problem'],
      ['disk', 'ok'],
    ]);
    expect(broken.get('sound')?.message).toContain('1.50 % late');
    const rejected = await look({
      trunkNames: () =>
        new Map([
          ['a', 'First'],
          ['b', 'Second'],
        ]),
      exchange: { state: () => ready, registrations: () => Promise.resolve(new Map([['b', 'rejected'] as const])) },
    });
    expect(rejected.get('trunks')).toEqual({ status: 'problem', message: 'Not connected: Second (rejected).' });
  });

  it('waits for nobody longer than eight seconds, and takes what is thrown for the finding', async () => {
    const clock = createVirtualClock();
    const probes: PhoneProbe[] = [
      { name: 'silent', look: () => new Promise(() => undefined) },
      {
        name: 'throwing',
        look: () => {
          throw new Error('It fell over.');
        },
      },
    ];
    const findings = createPhoneDoctor(probes, clock)();
    await clock.advance(8_000);
    expect(await findings).toEqual([
      { name: 'silent', status: 'problem', message: 'It did not answer within 8 seconds.' },
      { name: 'throwing', status: 'problem', message: 'It fell over.' },
    ]);
    expect(clock.pendingTimers()).toBe(0);
  });
});
