import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuditLog, createLogger } from '../../../../src-main/platform/observability/index.ts';
import { createRedactor } from '../../../../src-main/platform/redaction/index.ts';
import {
  createKeyring,
  createSecrets,
  createVault,
  createVaultHandlers,
  watchSecrets,
} from '../../../../src-main/platform/secrets/index.ts';
import { thrownBy } from '../../../doubles/history-bench.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const CANARY = 'canary-7Hq2-violet-lantern';

async function setUp() {
  const dataDirectory = await temporaryFolder();
  const clock = createVirtualClock(5000);
  const redactor = createRedactor();
  const log = createLogger({ dataDirectory, level: 'debug', redact: (line) => redactor.redact(line).text });
  const keyring = await createKeyring({ dataDirectory, clock, log });
  const audit = createAuditLog({ dataDirectory, keys: keyring, clock, log });
  const open = () => createVault({ dataDirectory, keyring, audit, clock, log });
  const file = join(dataDirectory, 'vault.json');
  return { dataDirectory, keyring, audit, log, clock, redactor, open, file };
}

describe('createVault', () => {
  it('fills a secret in by its name, for the hosts that it is meant for, and on this machine', async () => {
    const { open } = await setUp();
    const vault = await open();
    await vault.set({ name: 'weather', value: CANARY, hosts: ['api.example.org', '*.Example.com', '127.0.0.1:8080'] });
    const again = await open();
    expect(again.resolve('Bearer {{secret:weather}} / {{ secret:weather }}', { host: 'api.example.org' })).toBe(
      `Bearer ${CANARY} / ${CANARY}`,
    );
    for (const host of ['API.example.org', 'a.b.example.com', '127.0.0.1:8080'])
      expect(again.resolve('{{secret:weather}}', { host })).toBe(CANARY);
    expect([again.resolve('{{secret:weather}}', {}), again.resolve('no secret', { host: 'evil.org' })]).toEqual([CANARY, 'no secret']);
    expect(again.list()).toEqual([{ name: 'weather', hosts: ['api.example.org', '*.example.com', '127.0.0.1:8080'], updatedAtMs: 5000 }]);
  });

  it.each([
    'evil.org',
    'api.example.org.evil.org',
    'example.com',
    'xapi.example.org',
    '127.0.0.1:9090',
    'api.example.org@evil.org',
    'evilexample.com',
  ])('refuses %s, which the secret is not meant for, without its value in the refusal', async (host) => {
    const { open } = await setUp();
    const vault = await open();
    await vault.set({ name: 'weather', value: CANARY, hosts: ['api.example.org', '*.example.com', '127.0.0.1:8080'] });
    const error = thrownBy(() => vault.resolve('{{secret:weather}}', { host }));
    expect([error.code, error.message.includes(CANARY)]).toEqual(['vault.host-refused', false]);
  });

  it('goes to no host at all when none is named, and refuses what is no host', async () => {
    const { open } = await setUp();
    const vault = await open();
    await vault.set({ name: 'local', value: CANARY, hosts: [] });
    expect(thrownBy(() => vault.resolve('{{secret:local}}', { host: 'localhost' })).code).toBe('vault.host-refused');
    expect(thrownBy(() => vault.resolve('{{secret:other}}', {})).code).toBe('vault.unknown-secret');
    expect(thrownBy(() => vault.resolve('{{secret:constructor}}', {})).code).toBe('vault.unknown-secret');
    for (const host of ['*', '*.com', 'https://example.org', 'example.org/path', 'a b', '*.*.example.org'])
      await expect(vault.set({ name: 'x', value: 'y', hosts: [host] }), host).rejects.toMatchObject({ code: 'vault.bad-host' });
  });

  it('does not open a value whose hosts or name were changed in the file, nor an older one that was put back', async () => {
    const { open, file } = await setUp();
    const vault = await open();
    await vault.set({ name: 'a', value: 'first', hosts: ['example.org'] });
    const old = readFileSync(file, 'utf8');
    await vault.set({ name: 'a', value: CANARY, hosts: ['example.org'] });
    interface File {
      secrets: Record<string, { version: number; sealed: string }>;
    }
    const now = readFileSync(file, 'utf8');
    const former = (JSON.parse(old) as File).secrets['a']?.sealed ?? '';
    const current = (JSON.parse(now) as File).secrets['a']?.sealed ?? '';
    for (const forged of [now.replace('example.org', 'evil.org'), now.replace('"a"', '"b"'), now.replace(current, former)]) {
      writeFileSync(file, forged);
      const opened = await open();
      const name = forged.includes('"b"') ? 'b' : 'a';
      expect(thrownBy(() => opened.resolve(`{{secret:${name}}}`, {})).code).toBe('secrets.tampered');
      expect(opened.values()).toEqual([]);
    }
  });

  it('is sealed anew after a change of keys, each time with another nonce', async () => {
    const { open, keyring, file } = await setUp();
    const vault = await open();
    const nonces = new Set<string>();
    const note = (): void => {
      const sealed = /"sealed": "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
      nonces.add(Buffer.from(sealed, 'base64').toString('hex', 5, 17));
    };
    for (let round = 0; round < 10; round += 1) {
      await vault.set({ name: 'a', value: CANARY, hosts: [] });
      note();
    }
    await keyring.rotate();
    await vault.dispose();
    note();
    expect([nonces.size, (await open()).resolve('{{secret:a}}', {})]).toEqual([11, CANARY]);
  });

  it('keeps a damaged file aside, says so, and starts empty', async () => {
    const { open, file } = await setUp();
    writeFileSync(file, '{"version":1,');
    const vault = await open();
    expect([vault.problem()?.code, vault.list()]).toEqual(['secrets.file-damaged', []]);
  });

  it('leaves no trace of a value in any file: not in the vault, the audit log, nor in a log that is handed it in every way', async () => {
    const { dataDirectory, open, audit, log, clock, keyring, redactor } = await setUp();
    const vault = await open();
    const secrets = await createSecrets({ dataDirectory, keyring, audit, clock, log });
    const stop = watchSecrets({ redactor, sources: [vault, secrets] });
    await vault.set({ name: 'canary', value: CANARY, hosts: ['example.org'] });
    await secrets.set('claude.apiKey', `${CANARY}-too`);
    const encoded = Buffer.from(`Basic me:${CANARY}`).toString('base64');
    log.info(`Sending ${CANARY}`, {
      key: CANARY,
      file: `/tmp/${CANARY}.txt`,
      line: `native ${encoded}`,
      error: new Error(`failed at ${CANARY}`),
    });
    log.error(encodeURIComponent(`x=${CANARY}`), { error: new TypeError(`with ${encoded}`) });
    await vault.remove('nothing');
    const files = readdirSync(dataDirectory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(4);
    for (const entry of files) {
      const text = readFileSync(join(entry.parentPath, entry.name), 'latin1');
      for (const trace of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(`Basic me:${CANARY}`).toString('base64').slice(12, 36)])
        expect(text.includes(trace), `${entry.name} holds ${trace}`).toBe(false);
    }
    await secrets.set('claude.apiKey', '');
    await vault.remove('canary');
    expect(redactor.redact(CANARY).findings).toEqual([]);
    stop();
    log.dispose();
  });
});

describe('createVaultHandlers', () => {
  it('takes values in and never gives one back', async () => {
    const { open } = await setUp();
    const handlers = createVaultHandlers({ vault: await open() });
    const caller = { clientId: 'page', door: 'window' } as const;
    await handlers['vault.set']({ name: 'a', value: ` ${CANARY}\n`, hosts: ['example.org'] }, caller);
    expect(JSON.stringify(await handlers['vault.list']({}, caller))).not.toContain(CANARY);
    await handlers['vault.remove']({ name: 'a' }, caller);
    expect(await handlers['vault.list']({}, caller)).toEqual([]);
  });
});
