import { describe, expect, it } from 'vitest';
import { phoneError } from '../../../../../src-main/modules/telephony/telephony-errors.ts';
import { createRecordingKeeper } from '../../../../../src-main/modules/telephony/records/recording-keeper.ts';
import { createRecordingLog } from '../../../../doubles/recording-log.ts';

const piece = (callId: string, startMs = 0) => ({ callId, name: `oc-${callId}-1-${startMs}`, startMs });

/** A spool with these recordings, and a log that knows the call `c` alone. */
function begin(...names: string[]) {
  const spool = new Set(names);
  const log = createRecordingLog();
  const kept: string[] = [];
  const fails = { keep: false, remove: false };
  const there = (name: string): void => {
    if (!spool.has(name)) throw phoneError('phone.refused', { status: 404, problem: 'not found' });
  };
  const keeper = createRecordingKeeper({
    control: () => ({
      async fetchRecording(name) {
        there(name);
        return new Uint8Array(1);
      },
      async removeRecording(name) {
        if (fails.remove) throw phoneError('phone.control-lost');
        there(name);
        spool.delete(name);
      },
    }),
    async keep(callId, _wav, startMs) {
      if (!fails.keep) kept.push(`${callId} ${startMs}`);
      return !fails.keep;
    },
    isKnown: (callId) => callId === 'c',
    log,
  });
  return { keeper, spool, kept, fails, log };
}

describe('createRecordingKeeper', () => {
  it('takes a recording out of the spool when it is kept, also when it is told twice', async () => {
    const { keeper, spool, kept, log } = begin('oc-c-1-0');
    keeper.take(piece('c'));
    keeper.take(piece('c'));
    await keeper.dispose();
    expect([kept, spool.size, log.messages('warn')]).toEqual([['c 0'], 0, []]);
  });

  it('removes the sound of a call that is not in the log', async () => {
    const { keeper, spool, kept } = begin('oc-gone-1-0');
    keeper.take(piece('gone'));
    await keeper.dispose();
    expect([kept, spool.size]).toEqual([[], 0]);
  });

  it('leaves there what could not be kept, and keeps what could not be removed only once', async () => {
    const { keeper, spool, kept, fails, log } = begin('oc-c-1-0');
    fails.keep = true;
    keeper.take(piece('c'));
    await keeper.dispose();
    expect([kept, spool.size]).toEqual([[], 1]);
    Object.assign(fails, { keep: false, remove: true });
    keeper.take(piece('c'));
    await keeper.dispose();
    expect([kept, spool.size, log.messages('warn')]).toEqual([['c 0'], 1, ['call.recording-not-kept']]);
    fails.remove = false;
    keeper.take(piece('c'));
    await keeper.dispose();
    expect([kept, spool.size]).toEqual([['c 0'], 0]);
  });
});
