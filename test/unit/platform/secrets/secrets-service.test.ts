import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../../src-main/platform/observability/index.ts';
import {
  createKeyring,
  createSecrets,
  createSecretsHandlers,
  createTemporaryKeyring,
  type Keyring,
  type Secrets,
} from '../../../../src-main/platform/secrets/index.ts';
import { thrownBy } from '../../../doubles/history-bench.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const KEY = 'sk-ant-api03-VerySecretValue0123456789';

async function setUp() {
  const dataDirectory = await temporaryFolder();
  const clock = createVirtualClock(5000);
  const log = createRecordingLog();
  const path = (name: string): string => join(dataDirectory, name);
  const keyring = await createKeyring({ dataDirectory, clock, log });
  const audit = createAuditLog({ dataDirectory, keys: keyring, clock, log });
  const open = (keys: Keyring = keyring): Promise<Secrets> => createSecrets({ dataDirectory, keyring: keys, audit, clock, log });
  return { keyring, audit, log, path, open, names: () => readdirSync(dataDirectory).toSorted() };
}

describe('createSecrets', () => {
  it('keeps a key sealed on disk, for its owner only, and notes the decision without the value', async () => {
    const { open, path, audit, log, names } = await setUp();
    const secrets = await open();
    expect([secrets.get('claude.apiKey'), secrets.stored(), secrets.problem()]).toEqual([undefined, [], undefined]);
    await secrets.set('claude.apiKey', KEY);
    expect([secrets.get('claude.apiKey'), secrets.stored()]).toEqual([KEY, ['claude.apiKey']]);
    expect((await open()).get('claude.apiKey')).toBe(KEY);
    if (process.platform !== 'win32') expect(statSync(path('secrets.json')).mode & 0o777).toBe(0o600);
    const everything = names()
      .map((name) => readFileSync(path(name), 'utf8'))
      .join('\n');
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain(Buffer.from(KEY).toString('base64').slice(0, -4));
    expect(JSON.stringify(log.lines)).not.toContain(KEY);
    expect((await audit.read()).map(({ action, subject }) => [action, subject])).toEqual([['secret.set', 'claude.apiKey']]);
  });

  it('replaces and removes keys, one change after the other', async () => {
    const { open, audit } = await setUp();
    const secrets = await open();
    await Promise.all([
      secrets.set('claude.apiKey', 'one'),
      secrets.set('claude.apiKey', 'two'),
      secrets.set('openai-compatible.apiKey', 'other'),
    ]);
    expect([secrets.get('claude.apiKey'), secrets.get('openai-compatible.apiKey')]).toEqual(['two', 'other']);
    await secrets.set('claude.apiKey', '');
    expect([(await open()).stored(), (await audit.read()).length]).toEqual([['openai-compatible.apiKey'], 4]);
  });

  it('does not open an older value that was put back, nor one under another name', async () => {
    const { open, path } = await setUp();
    const secrets = await open();
    await secrets.set('claude.apiKey', 'one');
    await secrets.set('openai-compatible.apiKey', 'other');
    interface File {
      secrets: Record<string, { version: number; sealed: string }>;
    }
    const old = JSON.parse(readFileSync(path('secrets.json'), 'utf8')) as File;
    await secrets.set('claude.apiKey', 'two');
    const file = JSON.parse(readFileSync(path('secrets.json'), 'utf8')) as File;
    const forgeries = [
      { version: 2, sealed: old.secrets['claude.apiKey']?.sealed ?? '' },
      old.secrets['openai-compatible.apiKey'] ?? { version: 1, sealed: '' },
    ];
    for (const forged of forgeries) {
      writeFileSync(path('secrets.json'), JSON.stringify({ version: 1, secrets: { ...file.secrets, 'claude.apiKey': forged } }));
      const again = await open();
      expect(thrownBy(() => again.get('claude.apiKey')).code).toBe('secrets.tampered');
      expect(again.get('openai-compatible.apiKey')).toBe('other');
    }
  });

  it('is sealed anew after a change of keys, also when the change came while it was not running', async () => {
    const { open, keyring, path } = await setUp();
    const secrets = await open();
    await secrets.set('claude.apiKey', KEY);
    const before = readFileSync(path('secrets.json'), 'utf8');
    await keyring.rotate();
    await secrets.dispose();
    const after = readFileSync(path('secrets.json'), 'utf8');
    expect(after).not.toBe(before);
    await keyring.rotate();
    const again = await open();
    await again.dispose();
    expect(readFileSync(path('secrets.json'), 'utf8')).not.toBe(after);
    expect(again.get('claude.apiKey')).toBe(KEY);
  });

  it('keeps a damaged file aside, says so, and starts empty', async () => {
    const { open, path, names } = await setUp();
    writeFileSync(path('secrets.json'), '{"version":1,"secrets":');
    const secrets = await open();
    const aside = path('secrets.damaged-5000.json');
    expect(secrets.problem()).toEqual({
      code: 'secrets.file-damaged',
      message: `The file with your service keys was damaged and is kept as ${aside}. Enter the keys again.`,
      details: { file: aside },
    });
    await secrets.set('claude.apiKey', KEY);
    expect(names()).toContain('secrets.damaged-5000.json');
    expect(readFileSync(aside, 'utf8')).toBe('{"version":1,"secrets":');
  });

  it('starts without a file that cannot be read, says so, and does not write over it', async () => {
    const { open, path } = await setUp();
    mkdirSync(path('secrets.json'));
    const secrets = await open();
    expect(secrets.problem()).toMatchObject({
      code: 'secrets.file-unreadable',
      message: expect.stringMatching(/cannot be read\. Allow your user account .* stays as it is/),
    });
    await expect(secrets.set('claude.apiKey', KEY)).rejects.toMatchObject({ code: 'secrets.file-unreadable' });
    expect([secrets.stored(), statSync(path('secrets.json')).isDirectory()]).toEqual([[], true]);
  });

  it('leaves the former value in use when the new one cannot be written', async () => {
    const { open, path, audit } = await setUp();
    const secrets = await open();
    await secrets.set('claude.apiKey', 'one');
    rmSync(path('secrets.json'));
    mkdirSync(path('secrets.json'));
    await expect(secrets.set('claude.apiKey', 'two')).rejects.toMatchObject({
      code: 'secrets.not-written',
      message: expect.stringContaining('Free some space'),
    });
    expect([secrets.get('claude.apiKey'), (await audit.read()).length]).toEqual(['one', 1]);
  });

  it('keeps keys in memory only while the keyring is a temporary one', async () => {
    const { open, names } = await setUp();
    const secrets = await open(createTemporaryKeyring({ wallMs: () => 0 }));
    await secrets.set('claude.apiKey', KEY);
    expect([secrets.get('claude.apiKey'), secrets.protection, names().includes('secrets.json')]).toEqual([KEY, 'none', false]);
  });

  it('keeps names that a newer version has written', async () => {
    const { open, path, keyring } = await setUp();
    const sealed = keyring.seal('later', JSON.stringify(['secrets', 'later-key', 1])).toString('base64');
    writeFileSync(path('secrets.json'), JSON.stringify({ version: 1, secrets: { 'later-key': { version: 1, sealed } } }));
    const secrets = await open();
    await secrets.set('claude.apiKey', KEY);
    expect(readFileSync(path('secrets.json'), 'utf8')).toContain(sealed);
  });
});

describe('createSecretsHandlers', () => {
  it('takes a key without the blanks around it and never gives one back', async () => {
    const { open } = await setUp();
    const secrets = await open();
    const handlers = createSecretsHandlers({ secrets });
    const caller = { clientId: 'page', door: 'window' } as const;
    expect(await handlers['secrets.set']({ name: 'claude.apiKey', value: `  ${KEY}\n` }, caller)).toBeUndefined();
    expect(secrets.get('claude.apiKey')).toBe(KEY);
    expect(handlers['secrets.status']({}, caller)).toEqual({ stored: ['claude.apiKey'], protection: 'file' });
  });
});
