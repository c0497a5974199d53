import { describe, expect, it } from 'vitest';
import type { CallRecord, PhoneCall, PhoneStatus } from '../../../../src-preload/contract/index.ts';
import { AppError } from '../../../../src-main/base/errors.ts';
import { runPhoneCommand } from '../../../../src-main/modules/terminal/index.ts';
import { callRecord, phoneCall, talkingCall } from '../../../doubles/phone-call.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';
import { approvalOf } from '../../../doubles/scripted-tools.ts';

const status: PhoneStatus = {
  state: 'ready',
  source: 'container',
  steps: [],
  error: null,
  version: '22.10.1',
  softphone: true,
  trunks: [],
  mobiles: [{ id: 'm', name: 'Pixel\u001b[31m', extension: '1001', rings: true, registered: false }],
  quietUntilMs: null,
};
const entryOf = ({ segments: _segments, latenciesMs: _latencies, ...entry }: CallRecord) => entry;

/** Runs a command line against this script and keeps what it printed. */
async function run(line: readonly string[], answers: Parameters<typeof createScriptedBridge>[0] = {}) {
  const bridge = createScriptedBridge(answers);
  const printed: string[] = [];
  const complained: string[] = [];
  let disposed = 0;
  const exitCode = await runPhoneCommand(line, {
    connect: async () => ({
      ...bridge,
      dispose() {
        disposed += 1;
      },
    }),
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  });
  return { exitCode, printed, complained, bridge, disposed };
}

const active = (): PhoneCall[] => [talkingCall('a'), talkingCall('b')];
const refuse = (): never => {
  throw new AppError('phone.not-allowed', 'The owner has not agreed.');
};

describe('runPhoneCommand', () => {
  it('tells how the telephone is, for people without control characters, for programs as JSON', async () => {
    const answers = { 'phone.status': () => status, 'phone.active': () => [talkingCall('c')] };
    const { exitCode, printed, disposed } = await run(['status'], answers);
    expect([exitCode, disposed]).toEqual([0, 1]);
    expect(printed).toEqual([
      'Telephone: ready (Asterisk 22.10.1)',
      'Window as telephone: registered',
      'Phone 1001 Pixel [31m: not registered',
      'c  from Anna Grün +491711234567  talking (assistant)',
    ]);
    const asJson = await run(['status', '--json'], answers);
    expect(JSON.parse(asJson.printed.join('')) as object).toMatchObject({ state: 'ready', calls: [{ id: 'c' }] });
  });

  it('calls, for the owner or with a purpose for the assistant, and waits for the end when asked to', async () => {
    const owner = await run(['call', '0171', '123', '45'], {
      'phone.dial': () => phoneCall('c', { direction: 'out', state: { state: 'dialing', ringing: false } }),
    });
    expect(owner.bridge.calls).toEqual([['phone.dial', { number: '0171 123 45', by: 'owner' }]]);
    expect([owner.printed, owner.complained]).toEqual([['c  to Anna Grün +491711234567  dialing'], []]);
    const bridge = createScriptedBridge({
      'phone.dial': () => {
        setTimeout(() => bridge.tell('phone.call', phoneCall('c', { state: { state: 'ended', reason: 'busy' } })), 5);
        return phoneCall('c');
      },
    });
    const printed: string[] = [];
    const exitCode = await runPhoneCommand(['call', '1', '--purpose', 'ask', '--wait', '--json'], {
      connect: async () => ({ ...bridge, dispose: () => undefined }),
      print: (text) => void printed.push(text),
      complain: () => undefined,
    });
    expect([exitCode, bridge.calls[0]?.[1]]).toEqual([0, { number: '1', by: 'assistant', purpose: 'ask' }]);
    expect((JSON.parse(printed[0] ?? '') as { state: object }).state).toEqual({ state: 'ended', reason: 'busy' });
  });

  it('says that the owner is asked when they are, and not before a refusal', async () => {
    const lines: string[] = [];
    const line = (text: string): void => void lines.push(text);
    const bridge = createScriptedBridge({
      'phone.dial': () => {
        lines.push('(dial)');
        bridge.tell('tools.approval', approvalOf('other', null, 1_000));
        bridge.tell('tools.approval', { ...approvalOf('own', null, 1_000), tool: 'phone_permission' });
        return refuse();
      },
    });
    const connect = async () => ({ ...bridge, dispose: () => undefined });
    await runPhoneCommand(['call', '1'], { connect, print: line, complain: line });
    expect(lines).toEqual(['(dial)', 'You are asked in the window of OpenClaw Desktop.', 'The owner has not agreed.']);
    expect((await run(['call', '1'], { 'phone.dial': refuse })).complained).toEqual(['The owner has not agreed.']);
  });

  it('ends one call or all, and says so when there is none', async () => {
    const all = await run(['hangup'], { 'phone.active': active, 'phone.hangUp': () => undefined });
    expect(all.bridge.calls.slice(1)).toEqual([
      ['phone.hangUp', { callId: 'a' }],
      ['phone.hangUp', { callId: 'b' }],
    ]);
    const one = await run(['hangup', 'b', '--json'], { 'phone.active': active, 'phone.hangUp': () => undefined });
    expect(one.printed).toEqual(['{"ended":["b"]}']);
    const none = await run(['hangup', 'x'], { 'phone.active': active });
    expect([none.exitCode, none.complained]).toEqual([1, ['There is no call x, or it is over.']]);
  });

  it('shows the log and the findings, with an exit code that says whether all is well', async () => {
    const log = await run(['log', '--limit', '5', '--query', 'roof'], { 'phone.log': () => [entryOf(callRecord('c'))] });
    expect(log.bridge.calls).toEqual([['phone.log', { limit: 5, query: 'roof' }]]);
    expect(log.printed[0]).toMatch(/from Anna Grün \+491711234567 {2}assistant, 1:00 {2}Anna said that the roof is finished\.$/);
    expect((await run(['log'], { 'phone.log': () => [] })).printed).toEqual(['No calls.']);
    const well = await run(['doctor'], { 'phone.doctor': () => [{ name: 'disk', status: 'warning', message: 'Low.' }] });
    expect([well.exitCode, well.printed]).toEqual([0, ['warning  disk: Low.']]);
    expect((await run(['doctor'], { 'phone.doctor': () => [{ name: 'x', status: 'problem', message: 'y' }] })).exitCode).toBe(1);
  });

  it('says in a sentence what went wrong, and as data with --json', async () => {
    const { exitCode, complained, printed } = await run(['call', '1', '--json'], { 'phone.dial': refuse });
    expect([exitCode, complained, printed]).toEqual([
      1,
      ['The owner has not agreed.'],
      ['{"error":{"code":"phone.not-allowed","message":"The owner has not agreed.","details":{}}}'],
    ]);
    const complaints: string[] = [];
    const off = await runPhoneCommand(['status'], {
      connect: () => Promise.reject(new AppError('control.not-running', 'OpenClaw Desktop is not running.')),
      print: () => undefined,
      complain: (text) => void complaints.push(text),
    });
    expect([off, complaints]).toEqual([1, ['OpenClaw Desktop is not running.']]);
  });

  it.each([[[]], [['dance']], [['call']], [['status', 'now']], [['log', '--limit', '0']], [['status', '--colour']]])(
    'shows what there is for %j, and asks nobody',
    async (line) => {
      const { exitCode, complained, disposed } = await run(line);
      expect([exitCode, complained[0]?.startsWith('npm run phone'), disposed]).toEqual([2, true, 0]);
    },
  );

  it('helps when asked to', async () => {
    expect((await run(['--help'])).exitCode).toBe(0);
  });
});
