import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKeyring, createTemporaryKeyring, openKeyring, type Keyring } from '../../../../src-main/platform/secrets/index.ts';
import { thrownBy } from '../../../doubles/history-bench.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { createScriptedKeyStore, type ScriptedKeyStore } from '../../../doubles/scripted-key-store.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

async function setUp() {
  const dataDirectory = await temporaryFolder();
  const clock = createVirtualClock(5000);
  const log = createRecordingLog();
  const path = (name: string): string => join(dataDirectory, name);
  const deps = (systemKeyStore?: ScriptedKeyStore) => ({ dataDirectory, clock, log, ...(systemKeyStore ? { systemKeyStore } : {}) });
  return {
    log,
    path,
    open: (store?: ScriptedKeyStore) => createKeyring(deps(store)),
    openAnyway: (store?: ScriptedKeyStore) => openKeyring(deps(store)),
    text: (name = 'keys.json') => readFileSync(path(name), 'utf8'),
    names: () => readdirSync(dataDirectory).toSorted(),
  };
}

const codes = (keyring: Keyring): string[] => keyring.problems.map(({ code }) => code);
const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe('the key file', () => {
  it('is made at the first start, twice, for its owner only, with a clear warning', async () => {
    const { open, path, names, text } = await setUp();
    const keyring = await open();
    expect([keyring.protection, names()]).toEqual(['file', ['keys.copy.json', 'keys.json']]);
    if (process.platform !== 'win32') expect(names().map((name) => modeOf(path(name)))).toEqual([0o600, 0o600]);
    expect(text('keys.copy.json')).toBe(text());
    expect(keyring.problems).toEqual([
      {
        code: 'secrets.file-protection',
        message:
          'The keys of your history lie in a file that only your user account may read, because there is no key store without a desktop ' +
          'session. Whoever can read your files can read the history.',
        details: { reason: 'there is no key store without a desktop session' },
      },
    ]);
  });

  it('opens again with the same keys, and once only when two processes make it at the same time', async () => {
    const { open } = await setUp();
    const keyrings = await Promise.all([open(), open(), open()]);
    const later = await open();
    for (const keyring of keyrings) {
      expect(keyring.activeKeyId()).toBe(later.activeKeyId());
      expect(later.open(keyring.seal('hello', 'here'), 'here')).toBe('hello');
    }
  });

  it.skipIf(process.platform === 'win32').each(['keys.json', 'keys.copy.json'])(
    'that others could read (%s) is closed, told, and followed by a new key; the old one still opens',
    async (name) => {
      const { open, path } = await setUp();
      const before = await open();
      const sealed = before.seal('hello', 'here');
      chmodSync(path(name), 0o644);
      const keyring = await open();
      expect([modeOf(path('keys.json')), modeOf(path('keys.copy.json'))]).toEqual([0o600, 0o600]);
      expect(keyring.problems).toContainEqual({
        code: 'secrets.key-file-open',
        message: 'Other users of this computer could read the key file. Access was closed and a new key is used from now on.',
        details: { exposure: 'closed-now' },
      });
      expect(keyring.activeKeyId()).not.toBe(before.activeKeyId());
      expect(keyring.open(sealed, 'here')).toBe('hello');
      const next = await open();
      expect([next.activeKeyId(), codes(next)]).toEqual([keyring.activeKeyId(), ['secrets.file-protection']]);
    },
  );

  it.each([
    ['rubbish', () => 'not json'],
    ['half a file', (text: string) => text.slice(0, text.length / 2)],
    ['an empty file', () => ''],
    ['a key of the wrong length', (text: string) => text.replace(/"material": "[^"]{8}/, '"material": "')],
    ['an active key that is not there', (text: string) => text.replace(/"activeKeyId": "[^"]{4}/, '"activeKeyId": "0000')],
  ])('that became %s is kept aside, its copy takes its place, and nothing is lost', async (_what, damage) => {
    const { open, path, text, names } = await setUp();
    const before = await open();
    const sealed = before.seal('hello', 'here');
    const good = text();
    const bad = damage(good);
    writeFileSync(path('keys.json'), bad);
    const keyring = await open();
    expect(codes(keyring)).toEqual(['secrets.key-file-restored', 'secrets.file-protection']);
    expect(keyring.open(sealed, 'here')).toBe('hello');
    expect([text(), text('keys.damaged-5000.json'), names().length]).toEqual([good, bad, 3]);
    expect(codes(await open())).toEqual(['secrets.file-protection']);
  });

  it('that is missing comes back from its copy, and a bad or old copy from the file', async () => {
    const { open, path, text } = await setUp();
    const keyring = await open();
    const old = text();
    await keyring.rotate();
    const good = text();
    rmSync(path('keys.json'));
    expect(codes(await open())).toContain('secrets.key-file-restored');
    for (const content of ['', old]) {
      writeFileSync(path('keys.copy.json'), content, { mode: 0o600 });
      await open();
      expect([text(), text('keys.copy.json')]).toEqual([good, good]);
    }
  });

  it('that is damaged together with its copy is refused and left alone; the app runs on keys in memory', async () => {
    const { open, openAnyway, path, text, names } = await setUp();
    await open();
    for (const name of ['keys.json', 'keys.copy.json']) writeFileSync(path(name), 'rubbish');
    await expect(open()).rejects.toMatchObject({
      code: 'secrets.key-damaged',
      message: `The key file ${path('keys.json')} is damaged and has no good copy. Put back keys.json from a backup of your data folder; the history stays as it is until then.`,
    });
    const keyring = await openAnyway();
    expect([keyring.protection, codes(keyring)]).toEqual(['none', ['secrets.key-damaged']]);
    expect(keyring.open(keyring.seal('hello', 'here'), 'here')).toBe('hello');
    await keyring.rotate();
    expect([text(), text('keys.copy.json'), names().length]).toEqual(['rubbish', 'rubbish', 2]);
  });

  it('that cannot be read is refused with the way out, and not replaced by its copy', async () => {
    const { open, path } = await setUp();
    await open();
    rmSync(path('keys.json'));
    mkdirSync(path('keys.json'));
    await expect(open()).rejects.toMatchObject({
      code: 'secrets.key-file-unreadable',
      message: `The key file ${path('keys.json')} cannot be read. Allow your user account to read it and start again; nothing was changed.`,
      details: { file: path('keys.json') },
    });
    expect(statSync(path('keys.json')).isDirectory()).toBe(true);
  });

  it('whose copy cannot be read is used all the same', async () => {
    const { open, path } = await setUp();
    const before = await open();
    rmSync(path('keys.copy.json'));
    mkdirSync(path('keys.copy.json'));
    expect((await open()).activeKeyId()).toBe(before.activeKeyId());
  });

  it('that cannot be written is told with the folder; the app runs on keys in memory', async () => {
    const { path } = await setUp();
    // A link to nowhere: nothing is there, and no folder can be made.
    symlinkSync(path('nowhere/at/all'), path('linked'));
    const keyring = await openKeyring({ dataDirectory: path('linked'), clock: createVirtualClock(), log: createRecordingLog() });
    expect([keyring.protection, keyring.problems]).toMatchObject([
      'none',
      [{ code: 'secrets.not-written', details: { file: path('linked') } }],
    ]);
  });
});

describe('the key store of the system', () => {
  it('guards the keys where there is one: none lies readable in the file, and no warning is given', async () => {
    const { open, text } = await setUp();
    const store = createScriptedKeyStore();
    const keyring = await open(store);
    expect([keyring.protection, keyring.problems]).toEqual(['system', []]);
    const content = JSON.parse(text()) as { protection: string; backend: string; keys: { material: string }[] };
    expect(content).toMatchObject({ protection: 'system', backend: 'scripted', keys: [{}] });
    expect(content.keys.map(({ material }) => Buffer.from(material, 'base64').length)).toEqual([44]);
    const sealed = keyring.seal('hello', 'here');
    expect((await open(store)).open(sealed, 'here')).toBe('hello');
  });

  it('is named as absent, with its reason, when the keys must lie in a file', async () => {
    const { open } = await setUp();
    const store = createScriptedKeyStore();
    store.absence = 'the desktop offers no key store';
    expect((await open(store)).problems).toMatchObject([
      { code: 'secrets.file-protection', message: expect.stringContaining('because the desktop offers no key store.') },
    ]);
    store.status = () => Promise.reject(new Error('no bus'));
    expect((await open(store)).problems).toMatchObject([{ message: expect.stringContaining('because it failed (Error: no bus).') }]);
  });

  it('that is locked is refused rather than replaced, and all is there when it is open again', async () => {
    const { open, openAnyway, text } = await setUp();
    const store = createScriptedKeyStore();
    const sealed = (await open(store)).seal('hello', 'here');
    const before = text();
    store.absence = 'it is locked';
    await expect(open(store)).rejects.toMatchObject({
      code: 'secrets.key-locked',
      message: expect.stringMatching(/\(scripted\), which cannot be used now: it is locked\. Unlock it .*nothing was changed/),
    });
    expect((await openAnyway(store)).protection).toBe('none');
    await expect(open()).rejects.toMatchObject({ code: 'secrets.key-locked' });
    store.absence = undefined;
    store.refuses = true;
    await expect(open(store)).rejects.toMatchObject({ code: 'secrets.key-unreadable', message: expect.stringContaining('Unlock it') });
    expect(text()).toBe(before);
    store.refuses = false;
    expect((await open(store)).open(sealed, 'here')).toBe('hello');
  });

  it('takes over keys that lay in a file, with a new one for what comes', async () => {
    const { open, text, log } = await setUp();
    const before = await open();
    const sealed = before.seal('hello', 'here');
    const oldText = text();
    const store = createScriptedKeyStore();
    const keyring = await open(store);
    expect([keyring.protection, keyring.problems]).toEqual(['system', []]);
    expect(keyring.activeKeyId()).not.toBe(before.activeKeyId());
    expect(keyring.open(sealed, 'here')).toBe('hello');
    const material = (JSON.parse(oldText) as { keys: { material: string }[] }).keys[0]?.material ?? '';
    for (const name of ['keys.json', 'keys.copy.json']) expect(text(name)).not.toContain(material);
    expect(JSON.stringify(log.lines)).not.toContain(material);
  });

  it('may have its keys sealed again when it has changed its own', async () => {
    const { open, text } = await setUp();
    const store = createScriptedKeyStore();
    const keyring = await open(store);
    let sealings = 0;
    const seal = store.seal.bind(store);
    store.seal = (input) => {
      sealings += 1;
      return seal(input);
    };
    store.resealAdvised = true;
    expect([(await open(store)).activeKeyId(), sealings]).toEqual([keyring.activeKeyId(), 1]);
    expect(text()).toContain(keyring.activeKeyId());
  });
});

describe('rotate', () => {
  it('gives a new key that lasts; the old ones still open and are told apart', async () => {
    const { open } = await setUp();
    const keyring = await open();
    let told = 0;
    const leave = keyring.onRotated(() => (told += 1));
    const first = keyring.activeKeyId();
    const sealed = keyring.seal('hello', 'here');
    const second = await keyring.rotate();
    leave();
    await keyring.rotate();
    expect([told, new Set([first, second, keyring.activeKeyId()]).size]).toEqual([1, 3]);
    const again = await open();
    expect(again.activeKeyId()).toBe(keyring.activeKeyId());
    expect([again.has(first), again.has(second), again.has('00000000')]).toEqual([true, true, false]);
    expect(again.open(sealed, 'here')).toBe('hello');
  });

  it('loses no key when it is asked for several times at once', async () => {
    const { open } = await setUp();
    const keyring = await open();
    const sealed: Buffer[] = [];
    keyring.onRotated(() => sealed.push(keyring.seal('hello', 'here')));
    const ids = await Promise.all([keyring.rotate(), keyring.rotate(), keyring.rotate()]);
    const again = await open();
    expect(ids.map((id) => again.has(id))).toEqual([true, true, true]);
    expect(sealed.map((each) => again.open(each, 'here'))).toEqual(['hello', 'hello', 'hello']);
  });

  it('that cannot be written leaves the former key in use', async () => {
    const { open, path } = await setUp();
    const keyring = await open();
    const before = keyring.activeKeyId();
    for (const name of ['keys.json', 'keys.copy.json']) {
      rmSync(path(name));
      mkdirSync(path(name));
    }
    await expect(keyring.rotate()).rejects.toThrow(/EISDIR|EEXIST|ENOTEMPTY/);
    expect(keyring.activeKeyId()).toBe(before);
    expect(keyring.open(keyring.seal('hello', 'here'), 'here')).toBe('hello');
  });
});

describe('a keyring', () => {
  const keyring = createTemporaryKeyring({ wallMs: () => 0 });
  const derived = (purpose: string): string => keyring.derive(purpose).export().toString('hex');

  it('says whether a value was changed or its key is missing', () => {
    const sealed = keyring.seal('hello', 'table|row|1');
    expect(thrownBy(() => keyring.open(sealed, 'table|row|2'))).toMatchObject({
      code: 'secrets.tampered',
      details: { context: 'table|row|2' },
    });
    expect(thrownBy(() => keyring.open(Buffer.from('plain'), 'x')).code).toBe('secrets.tampered');
    const other = createTemporaryKeyring({ wallMs: () => 0 });
    expect(thrownBy(() => other.open(sealed, 'table|row|1'))).toMatchObject({
      code: 'secrets.key-missing',
      details: { keyId: keyring.activeKeyId() },
    });
  });

  it('derives a key of its own for each purpose, the same each time', () => {
    expect(derived('audit')).toBe(derived('audit'));
    expect(new Set([derived('audit'), derived('seal'), derived('search-tokens')]).size).toBe(3);
  });
});
