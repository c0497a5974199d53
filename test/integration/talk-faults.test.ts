import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readOwnerEnvironment } from '../../src-main/platform/config/index.ts';
import { makeWav } from '../doubles/make-wav.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const entry = fileURLToPath(new URL('../../src-main/talk.node.ts', import.meta.url));

/** Runs `talk` in a folder of its own; `hasBegun`: a core was started, which takes a data folder. */
async function talk(folder: string, args: readonly string[]) {
  const dataDirectory = join(folder, 'data');
  const child = spawn(process.execPath, [entry, ...args], { env: readOwnerEnvironment({ OPENCLAW_DATA_DIR: dataDirectory }) });
  const [output, complaint, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode, complaint, lastLine: output.trimEnd().split('\n').at(-1) ?? '', hasBegun: existsSync(dataDirectory) };
}

describe('npm run talk', () => {
  it.each([
    ['is no WAV', Buffer.from('not a sound at all, only its name is'), 'audio.not-wav', /not a WAV file .*: convert it to WAV/],
    ['is empty', new Uint8Array(0), 'audio.empty', /empty \(0 bytes\): record it again/],
    ['is missing', undefined, 'audio.not-found', /cannot be read: check its name/],
    ['is compressed', makeWav({ code: 7, bits: 8, data: new Uint8Array(64) }), 'audio.unsupported', /convert it to PCM 16 bit/],
  ])('says in one sentence and in JSON that a recording %s, and starts nothing', async (_name, content, code, message) => {
    const folder = await temporaryFolder();
    const audio = join(folder, 'question.wav');
    if (content !== undefined) await writeFile(audio, content);
    const { exitCode, complaint, lastLine, hasBegun } = await talk(folder, ['--audio', audio, '--json']);
    expect({ exitCode, hasBegun }).toEqual({ exitCode: 1, hasBegun: false });
    expect(complaint.trim()).toMatch(message);
    expect(complaint.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(lastLine)).toMatchObject({ error: { code, message: complaint.trim() } });
  });

  it('looks whether the answer can be written before it asks', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'nowhere', 'answer.wav');
    const { exitCode, complaint, hasBegun } = await talk(folder, ['--text', 'Hello', '--out', out]);
    expect({ exitCode, hasBegun }).toEqual({ exitCode: 1, hasBegun: false });
    expect(complaint).toMatch(/cannot be written to .*answer\.wav/);
  });

  it('answers a wrong option with what is right, not with a stack trace', async () => {
    const { exitCode, complaint } = await talk(await temporaryFolder(), ['--loud']);
    expect(exitCode).toBe(2);
    expect(complaint).toMatch(/'--loud'[^]*npm run talk -- --audio/);
    expect(complaint).not.toMatch(/\bat \S+:\d+/);
  });
});
