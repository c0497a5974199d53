import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../src-main/base/clock.ts';
import { openUntoldRecordings } from '../../../../../src-main/modules/telephony/calls/untold-recordings.ts';
import { createRecordingLog } from '../../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../../doubles/temporary-folder.ts';

describe('openUntoldRecordings', () => {
  it('knows after a kill what was not told, and no more what was', async () => {
    const dataDirectory = await temporaryFolder();
    const log = createRecordingLog();
    const open = () => openUntoldRecordings({ dataDirectory, clock: systemClock, log });
    const first = await open();
    await Promise.all([first.add('oc-a-1-0'), first.add('oc-b-2-0')]);
    await first.remove('oc-a-1-0');
    const second = await open();
    expect(['oc-a-1-0', 'oc-b-2-0'].map(second.has)).toEqual([false, true]);
    await second.remove('oc-b-2-0');
    expect((await open()).has('oc-b-2-0')).toBe(false);
    expect(log.messages('warn')).toEqual([]);
  });

  it('lets nothing begin that could not be written down', async () => {
    const file = join(await temporaryFolder(), 'a-file');
    await writeFile(file, '');
    const untold = await openUntoldRecordings({ dataDirectory: file, clock: systemClock, log: createRecordingLog() });
    untold.begun('oc-a-1-0');
    await expect(untold.add('oc-a-1-0')).rejects.toMatchObject({ code: 'phone.recordings-unknown' });
    expect(untold.has('oc-a-1-0')).toBe(false);
  });

  it('takes nothing of an earlier life for told where the list is damaged, and says so', async () => {
    const dataDirectory = await temporaryFolder();
    await writeFile(join(dataDirectory, 'recordings-untold.json'), '{"names":["oc-a');
    const untold = await openUntoldRecordings({ dataDirectory, clock: systemClock, log: createRecordingLog() });
    untold.begun('oc-b-1-0');
    expect(['oc-a-1-0', 'oc-b-1-0'].map(untold.has)).toEqual([true, false]);
    expect(untold.problem()?.code).toBe('phone.recordings-unknown');
  });
});
