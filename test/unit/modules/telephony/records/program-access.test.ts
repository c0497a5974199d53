import { describe, expect, it } from 'vitest';
import { guardedFromPrograms } from '../../../../../src-main/modules/telephony/records/program-access.ts';
import type { Caller, HandlersFor } from '../../../../../src-main/platform/contract-host/index.ts';
import { phoneCall } from '../../../../doubles/phone-call.ts';

const person: Caller = { door: 'window', clientId: 'w' };
const program: Caller = { door: 'browser', clientId: 'p', isProgram: true };

function rig(askOwner?: Parameters<typeof guardedFromPrograms>[1]) {
  const done: string[] = [];
  const handlers: HandlersFor<'phone.dial' | 'phone.hangUp' | 'phone.answer'> = {
    'phone.dial': ({ number }) => {
      done.push(`dial ${number}`);
      return phoneCall('c');
    },
    'phone.hangUp': () => void done.push('hang up'),
    'phone.answer': () => {
      done.push('answer');
      return phoneCall('c');
    },
  };
  return { done, guarded: guardedFromPrograms(handlers, askOwner) };
}

describe('guardedFromPrograms', () => {
  it('leaves a person alone', async () => {
    const { done, guarded } = rig();
    await guarded['phone.dial']({ number: '1', by: 'owner' }, person);
    await guarded['phone.answer']({ callId: 'c', by: 'owner' }, person);
    expect(done).toEqual(['dial 1', 'answer']);
  });

  it('lets a program end calls, and neither answer nor call out', async () => {
    const { done, guarded } = rig();
    await guarded['phone.hangUp']({ callId: 'c' }, program);
    await expect(guarded['phone.answer']({ callId: 'c', by: 'owner' }, program)).rejects.toMatchObject({ code: 'phone.not-allowed' });
    await expect(guarded['phone.dial']({ number: '1', by: 'owner' }, program)).rejects.toMatchObject({ code: 'phone.not-allowed' });
    expect(done).toEqual(['hang up']);
  });

  it('calls for a program when the owner agrees to this number', async () => {
    const asked: unknown[] = [];
    const { done, guarded } = rig(async (wish) => {
      asked.push(wish);
      return wish.number === '49171';
    });
    await guarded['phone.dial']({ number: '49171', by: 'assistant', purpose: 'an appointment' }, program);
    await expect(guarded['phone.dial']({ number: '0900', by: 'owner' }, program)).rejects.toMatchObject({ code: 'phone.not-allowed' });
    expect([done, asked]).toEqual([
      ['dial 49171'],
      [
        { number: '49171', by: 'assistant', purpose: 'an appointment' },
        { number: '0900', by: 'owner', purpose: '' },
      ],
    ]);
  });
});
