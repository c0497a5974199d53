import { describe, expect, it } from 'vitest';
import { createSetUpProof, type SetUpProofDeps } from '../../../../src-main/modules/telephony/set-up-proof.ts';
import type { PhoneErrorCode } from '../../../../src-main/modules/telephony/telephony-errors.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

function rig(change: Partial<SetUpProofDeps> = {}) {
  const clock = createVirtualClock();
  const tested: number[] = [];
  const proof = createSetUpProof({
    hasPage: () => true,
    isSoftphoneThere: () => true,
    softphoneUrl: () => 'ws://127.0.0.1:8088/ws',
    isExistingReady: () => false,
    isTelephoneHeld: () => true,
    isControlled: () => true,
    testCall: async () => void tested.push(clock.nowMs()),
    changed: () => undefined,
    clock,
    log: createRecordingLog(),
    ...change,
  });
  return { clock, proof, tested, steps: () => proof.steps().map(({ id, status, error }) => [id, status, error?.code ?? null]) };
}

describe('createSetUpProof', () => {
  it('goes on to the test call when the page does not sign in within ten seconds, and says so', async () => {
    const { clock, proof, tested, steps } = rig({ isSoftphoneThere: () => false });
    proof.announce();
    const done = proof.run();
    await clock.advance(9_000);
    expect(steps()).toEqual([
      ['softphone', 'running', null],
      ['test-call', 'waiting', null],
    ]);
    await clock.advance(1_500);
    await done;
    expect(steps()).toEqual([
      ['softphone', 'failed', 'phone.softphone-late'],
      ['test-call', 'done', null],
    ]);
    expect(tested).toHaveLength(1);
  });

  it.each<[PhoneErrorCode, string, Partial<SetUpProofDeps>]>([
    ['phone.softphone-absent', 'no page has become the telephone', { isTelephoneHeld: () => false }],
    [
      'phone.softphone-unknown',
      'an Asterisk that was there before knows no such telephone',
      { softphoneUrl: () => undefined, isExistingReady: () => true },
    ],
    ['phone.not-ready', 'the exchange has died meanwhile', { softphoneUrl: () => undefined }],
    ['phone.softphone-remote', 'the exchange is on another machine', { softphoneUrl: () => 'ws://192.168.1.5:8088/ws' }],
  ])('says %s where %s', async (code, _what, change) => {
    const { clock, proof, steps } = rig({ isSoftphoneThere: () => false, ...change });
    proof.announce();
    const done = proof.run();
    await clock.advance(10_500);
    await done;
    expect(steps()[0]).toEqual(['softphone', 'failed', code]);
  });

  it('has no step for a page where there is none, and is proved once', async () => {
    const { proof, tested, steps } = rig({ hasPage: () => false });
    await proof.run();
    expect(steps()).toEqual([]);
    proof.announce();
    await Promise.all([proof.run(), proof.run()]);
    expect([steps(), tested.length]).toEqual([[['test-call', 'done', null]], 1]);
  });

  it('is silent about a set-up that was dropped', async () => {
    const { clock, proof, tested, steps } = rig({ isSoftphoneThere: () => false });
    proof.announce();
    const done = proof.run();
    proof.drop();
    await clock.advance(500);
    await done;
    expect([steps(), tested]).toEqual([[], []]);
  });
});
