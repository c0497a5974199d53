import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { link, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { containerSpec } from '../../src-main/modules/tools/sandbox/container-spec.ts';
import { checkConfiguration } from '../../src-main/modules/tools/sandbox/check-configuration.ts';
import { hostState, noDocker, openSandboxRig, OWNER, piped, program, titled, type SandboxRig } from '../doubles/sandbox-rig.ts';

/* The seventeen attacks of the house's safety facts, each against a real engine; the machine outside must be the same before and after. */

/** System calls by number on x86-64, for programs that have no word for them. */
const CALLS = {
  ptrace: 101,
  mount: 165,
  unshare: 272,
  keyctl: 250,
  bpf: 321,
  userfaultfd: 323,
  io_uring_setup: 425,
  clone3: 435,
  setns: 308,
  kexec_load: 246,
  perf_event_open: 298,
};
const PERMISSION = 1;
const NO_SUCH_CALL = 38;

describe.skipIf(noDocker !== undefined)(titled('attacks on the sandbox'), () => {
  let rig: SandboxRig;
  let before: Record<string, unknown>;

  beforeAll(async () => {
    rig = await openSandboxRig();
    expect(await rig.sandbox.prepare()).toMatchObject({ state: 'ready', problem: null });
  }, 900_000);
  afterAll(() => rig.close());
  beforeEach(() => {
    before = hostState(rig);
  });
  afterEach(async () => {
    expect(hostState(rig)).toEqual(before);
    // The container is gone, or on its way.
    await expect.poll(rig.containers, { timeout: 10_000 }).toEqual([]);
  });

  const perl = (code: string, options = {}) => rig.run(['perl', '-e', code], options);
  const shell = (code: string, options = {}) => rig.run(['sh', '-c', code], options);

  it('1 a fork bomb ends at the bound on processes', async () => {
    const result = await perl(
      'my $n = 0; while (1) { my $p = fork; last unless defined $p; if (!$p) { sleep 60; exit } $n++ } print "$n\n"',
    );
    expect(Number(result.stdout)).toBeGreaterThan(20);
    expect(Number(result.stdout)).toBeLessThan(128);
    // The real thing, which never stops by itself.
    expect((await perl('while (1) { fork }', { timeoutMs: 2_000 })).ended).toMatch(/timeout|memory/);
  });

  it('2 a memory hog is ended by the kernel, and told as such', async () => {
    expect(await perl('my @a; push @a, "x" x 10_000_000 while 1')).toMatchObject({ ended: 'memory', exitCode: null });
  });

  it('3 a program that spins is ended at its deadline', async () => {
    const result = await perl('1 while 1', { timeoutMs: 1_500 });
    expect(result).toMatchObject({ ended: 'timeout', exitCode: null });
    expect(result.durationMs).toBeLessThan(15_000);
  });

  it('4 nothing can be filled: temporary folders, files, output', async () => {
    expect((await shell('dd if=/dev/zero of=/tmp/x bs=1M count=500 2>&1; ls -s /tmp/x')).stdout).toContain('No space left');
    expect((await perl('my $n = 0; while (open my $f, ">", "/tmp/f$n") { $n++ } print "$n $!"')).stdout).toMatch(/^1\d{4} No space left/);
    expect((await shell('echo x > /dev/shm/y; dd if=/dev/zero of=/dev/shm/x bs=1M count=100 2>&1')).stdout).toContain('No space left');
    const big = await shell('dd if=/dev/zero of=/workspace/big bs=1M count=400 2>&1; ls -s /workspace/big; rm /workspace/big', {
      workspace: { access: 'write', folder: rig.workspace },
    });
    expect(big.stdout).toMatch(/File (?:size limit exceeded|too large)/i);
    expect(await shell('yes')).toMatchObject({ ended: 'flooded', truncated: true });
  });

  it('5 links and races lead nowhere outside the workspace', async () => {
    await symlink(join(rig.secret, 'id_rsa'), join(rig.workspace, 'link'));
    await symlink('/', join(rig.workspace, 'top'));
    await link(join(rig.workspace, 'a note.txt'), join(rig.workspace, 'hard'));
    before = hostState(rig);
    const result = await shell(
      'cat link; cat top/etc/hostname; ls top/root; ln -s ../.ssh/id_rsa made; cat made; rm made; ln ../.ssh/id_rsa hard2; cat ../.ssh/id_rsa; mkdir -p d && mv d e && rmdir e; true',
      { workspace: { access: 'write', folder: rig.workspace } },
    );
    expect(result.stdout + result.stderr).not.toContain('TOP SECRET');
    expect(result.stdout).toContain('sandbox');
    // A workspace that is swapped for a link between the look and the start.
    const folder = join(rig.folder, 'home', 'swapped');
    await mkdir(folder);
    const swap = { done: false };
    const swapping = (async () => {
      while (!swap.done) {
        await rename(folder, `${folder}.real`);
        await symlink(rig.secret, folder);
        await new Promise(setImmediate);
        await rm(folder);
        await rename(`${folder}.real`, folder);
        await new Promise(setImmediate);
      }
    })();
    for (let round = 0; round < 6; round += 1) {
      const raced = await rig
        .run(['cat', '/workspace/id_rsa'], { workspace: { access: 'read', folder } })
        .catch((error: { code?: string }) => error.code);
      expect(JSON.stringify(raced)).not.toContain('TOP SECRET');
    }
    swap.done = true;
    await swapping;
    for (const path of [folder, join(rig.workspace, 'link'), join(rig.workspace, 'top'), join(rig.workspace, 'hard')])
      await rm(path, { recursive: true });
    before = hostState(rig);
  });

  it('6 the doors of /proc and /sys are shut', async () => {
    const result = await shell(
      'cat /proc/1/environ | tr "\\0" "\\n" | grep -v -E "^(PATH|HOME|TMPDIR|LANG|TERM|NO_COLOR|HOSTNAME|GIT_[A-Z0-9_]+)="; ls /proc/1/root/root; cat /proc/1/root/home/*/.ssh/id_rsa; for f in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /sys/fs/cgroup/release_agent /sys/fs/cgroup/memory/release_agent /sys/kernel/uevent_helper; do (echo x > $f) 2>/dev/null && echo "WROTE $f"; done; head -c 10 /proc/kcore; cat /proc/keys; ls /proc | grep -c "^[0-9]"; ls -l /proc/self/fd | grep -v -E "pipe|null|/proc|total"',
    );
    expect(result.stdout).not.toContain('WROTE');
    expect(result.stdout.trim()).toMatch(/^\d{1,2}$/);
  });

  it('7 the engine is out of reach', async () => {
    const result = await shell(
      'ls /var/run/docker.sock /run/docker.sock /run/containerd 2>/dev/null; for p in 2375 2376; do curl -s -m 1 http://127.0.0.1:$p/version; curl -s -m 1 http://172.17.0.1:$p/version; done; true',
    );
    expect(result).toMatchObject({ stdout: '', exitCode: 0 });
  });

  it.runIf(process.arch === 'x64')('8 dangerous system calls are refused', async () => {
    const code = `my %c = (${Object.entries(CALLS)
      .map(([name, number]) => `${name} => ${number}`)
      .join(
        ', ',
      )}); for (sort keys %c) { $! = 0; my $r = syscall($c{$_}, $_ eq "unshare" ? 0x10000000 : 0, 0, 0, 0, 0); print "$_ $r ", $!+0, "\\n" }`;
    const { stdout } = await perl(code);
    for (const name of Object.keys(CALLS)) expect(stdout).toContain(`${name} -1 ${name === 'clone3' ? NO_SUCH_CALL : PERMISSION}\n`);
    const user = await shell('unshare -r id; mount -t tmpfs x /tmp; chroot / id; true');
    expect(user.stdout).toBe('');
  });

  it('9 a set-uid program gains nothing', async () => {
    expect((await shell('find / -xdev -perm /6000 -type f 2>/dev/null')).stdout).toBe('');
    const result = await shell(
      'cp /usr/bin/id /workspace/id && chmod 4755 /workspace/id && /workspace/id -u; grep -E "NoNewPrivs|CapEff|CapBnd|Seccomp:" /proc/self/status; rm /workspace/id',
      {
        workspace: { access: 'write', folder: rig.workspace },
      },
    );
    expect(result.stdout.replaceAll('\t', ' ')).toBe(
      `${OWNER}\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2\n`,
    );
  });

  it('10 there is no network: raw, names, metadata, the host, IPv6, other containers', async () => {
    const server = createServer((_request, response) => response.end('HOST'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const families =
      'for (16, 17, 38, 40) { print socket(my $s, $_, 3, 0) ? "OPEN $_" : "shut ", "\\n" } print socket(my $r, 2, 3, 1) ? "OPEN raw" : "shut ", "\\n"';
    expect((await perl(families)).stdout).not.toContain('OPEN');
    const result = await shell(
      `cat /proc/net/route | wc -l; ls /sys/class/net; for u in http://127.0.0.1:${port} http://169.254.169.254/ http://172.17.0.1/ http://1.1.1.1/ "http://[::1]:${port}/" http://example.org/; do curl -s -m 2 "$u"; done; getent hosts example.org; true`,
    );
    await new Promise((resolve) => void server.close(resolve));
    expect(result.stdout).toBe('1\nlo\n');
  });

  it('10b allowed hosts are reached through the proxy, and nothing else is', async () => {
    const web = createServer((request, response) => response.end(`hello from ${request.headers.host}`));
    await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const { connect } = await import('node:net');
    const open = await openSandboxRig({
      network: {
        resolve: async (host) => (host === 'inner.example.org' ? ['10.0.0.1'] : ['93.184.216.34']),
        dial: () => connect({ host: '127.0.0.1', port }),
      },
    });
    try {
      await open.sandbox.prepare();
      const result = await open.run(
        [
          'sh',
          '-c',
          `curl -s http://example.org/; echo; for u in http://other.example/ http://inner.example.org/ http://127.0.0.1:${port}/; do curl -s -m 3 $u; done; curl -s --noproxy '*' -m 2 http://93.184.216.34/; true`,
        ],
        { hosts: ['example.org', 'inner.example.org'] },
      );
      expect(result.stdout.split('\n')).toEqual([
        'hello from example.org',
        'other.example is not among the hosts that the owner allows',
        'inner.example.org leads into a private network',
        '127.0.0.1 is not among the hosts that the owner allows',
        '',
      ]);
    } finally {
      await open.close();
      web.close();
    }
  });

  it('11 the environment carries nothing of the host, and private folders cannot be granted', async () => {
    process.env['OPENCLAW_CANARY'] = 'TOP SECRET';
    const { stdout } = await rig.run(['env']);
    delete process.env['OPENCLAW_CANARY'];
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0] ?? '')
        // Our own word to git.
        .filter((name) => !/^GIT_(?:CONFIG_|TERMINAL_PROMPT$|OPTIONAL_LOCKS$)/.test(name))
        .toSorted(),
    ).toEqual(['HOME', 'HOSTNAME', 'LANG', 'NO_COLOR', 'PATH', 'TERM', 'TMPDIR']);
    for (const name of ['.ssh', '.aws', '.gnupg', '.config', '']) {
      await mkdir(join(rig.folder, 'home', name), { recursive: true });
      await expect(rig.run(['ls'], { workspace: { access: 'read', folder: join(rig.folder, 'home', name) } })).rejects.toMatchObject({
        code: 'sandbox.refused',
      });
    }
    before = hostState(rig);
  });

  it('12 daemons end with the command that left them', async () => {
    const started = performance.now();
    const result = await shell(
      `(setsid sh -c 'while true; do date > /workspace/alive; sleep 0.1; done' >/dev/null 2>&1 &) ; sleep 0.5; cat /workspace/alive >/dev/null && echo started`,
      {
        workspace: { access: 'write', folder: rig.workspace },
      },
    );
    expect(result).toMatchObject({ stdout: 'started\n', ended: 'exit' });
    expect(performance.now() - started).toBeLessThan(20_000);
    const file = join(rig.workspace, 'alive');
    const last = await readFile(file, 'utf8');
    await rm(file);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await expect(readFile(file, 'utf8')).rejects.toThrow('ENOENT');
    expect(last).not.toBe('');
  });

  it('13 hostile configuration never reaches the engine', async () => {
    const places = {
      home: '/nowhere',
      dataDirectory: '/nowhere/d',
      modelsDirectory: '/nowhere/m',
      socketPath: undefined,
      ownWorkspace: undefined,
    };
    const { imageDigest } = rig.sandbox.status();
    const request = containerSpec({
      imageId: imageDigest ?? '',
      runner: '1',
      runtime: 'runc',
      instance: 'x',
      workspace: { access: 'none' },
      proxyFolder: undefined,
      coverFolder: '/nowhere/c',
      rootless: false,
    });
    const rules = { places, proxyFolder: undefined, coverFolder: '/nowhere/c' };
    for (const change of [{ NetworkMode: 'host' }, { Privileged: true }, { Binds: ['/:/x'] }, { CapAdd: ['ALL'] }, { PidMode: 'host' }])
      expect(() => checkConfiguration({ ...request, HostConfig: { ...request.HostConfig, ...change } }, rules)).toThrow(
        expect.objectContaining({ code: 'sandbox.refused' }),
      );
    expect(() => checkConfiguration({ ...request, Image: 'openclaw-sandbox:latest' }, rules)).toThrow('Image');
  });

  it('14 an archive that climbs out stays inside', async () => {
    const result = await rig.run(
      [
        'python3',
        '-c',
        "import tarfile,io\nt=tarfile.open('/tmp/x.tar','w')\ni=tarfile.TarInfo('../../../../evil')\ni.size=1\nt.addfile(i,io.BytesIO(b'x'))\nt.close()\nt=tarfile.open('/tmp/x.tar')\ntry:\n  t.extractall('/workspace')\n  print('extracted')\nexcept Exception as e: print(type(e).__name__)",
      ],
      { workspace: { access: 'write', folder: rig.workspace } },
    );
    expect(result).toMatchObject({ stdout: expect.stringMatching(/^(?:OutsideDestinationError|PermissionError|OSError|extracted)\n$/) });
  });

  it('15 escapes and endless lines come out bounded and harmless', async () => {
    const escapes = await rig.run(['printf', String.raw`\033]0;owned\007\033[31mred\033[0m\033]52;c;ZXZpbA==\007 \377\r\n`]);
    expect(escapes.stdout).toBe('red \u{fffd}\n');
    const line = await perl('print "x" x 1_000_000 for 1 .. 100');
    expect(line).toMatchObject({ ended: 'flooded', truncated: true });
    expect(line.stdout.length).toBe(256 * 1024);
  });

  it('16 names and labels are never taken from what was asked', async () => {
    const result = await rig.run(['echo', '--name=x', '--label', 'a=b\n', '$(id)', '; id', '`id`', '-v /:/x']);
    expect(result.stdout).toBe('--name=x --label a=b\n $(id) ; id `id` -v /:/x\n');
  });

  it('17 when the app is killed in the middle of a run, nothing goes on, and the next life clears up', async () => {
    const other = await openSandboxRig();
    const data = join(other.folder, 'data');
    const script = fileURLToPath(new URL('../fixtures/sandbox/run-and-wait.ts', import.meta.url));
    const child = spawn(process.execPath, [script, data, other.workspace], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('running') && resolve());
    });
    child.kill('SIGKILL');
    const alive = async () => (await other.containers()).filter((each) => each.endsWith('running'));
    await expect.poll(alive, { timeout: 15_000 }).toEqual([]);
    await rm(join(other.workspace, 'alive'), { force: true });
    const left = await other.containers();
    expect(left.length).toBeGreaterThan(0);
    // The first look of the next life removes what the last one has left.
    await other.sandbox.refresh();
    expect(await other.containers()).toEqual([]);
    await expect(readFile(join(other.workspace, 'alive'), 'utf8')).rejects.toThrow('ENOENT');
    await other.close();
  });

  it('runs pipelines as planned', async () => {
    expect((await rig.run(piped(program('printf', 'b\na\n'), program('sort')))).stdout).toBe('a\nb\n');
  });
});
