import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../../../src-main/base/errors.ts';
import { firstProblem } from '../../../../../src-main/modules/telephony/asterisk/check-by-asterisk.ts';
import { renderConfiguration } from '../../../../../src-main/modules/telephony/asterisk/configuration.ts';
import { exchangeError, inOurWords } from '../../../../../src-main/modules/telephony/asterisk/exchange-errors.ts';
import { needsRestart, someLife } from '../../../../../src-main/modules/telephony/asterisk/exchange-start.ts';
import { createExchangeSteps } from '../../../../../src-main/modules/telephony/asterisk/exchange-steps.ts';
import { missingModules } from '../../../../../src-main/modules/telephony/asterisk/existing-exchange.ts';
import { mustBeFree } from '../../../../../src-main/modules/telephony/asterisk/ports.ts';
import { readRegistrations } from '../../../../../src-main/modules/telephony/asterisk/registrations.ts';
import type { RenderSettings } from '../../../../../src-main/modules/telephony/asterisk/render-settings.ts';
import { neededModules, runningModules } from '../../../../doubles/asterisk-modules.ts';

const settings: RenderSettings = {
  ...someLife,
  trunks: [],
  mobiles: [],
  sipPort: 5060,
  audioSocketPort: 1,
  mediaWebSocketPort: 2,
  reachableFrom: 'loopback',
  dongle: null,
  country: 'de',
};

describe('readRegistrations', () => {
  const words = `
 <Registration/ServerURI..............................>  <Auth....................>  <Status.......>
 trunk-good/sip:127.0.0.1:5160                           trunk-good-auth             Registered        (exp. 88s)
 trunk-refused/sip:127.0.0.1:5160                        trunk-refused-auth          Rejected          (exp. 5s ago)
 trunk-dead/sip:sip.example.com:5060                     trunk-dead-auth             Unregistered      (exp. 1s ago)
 trunk-silent/sip:sip.example.com:5060                   trunk-silent-auth           Registered        (exp. 60s)

  Contact:  <Aor/ContactUri..............................> <Hash....> <Status> <RTT(ms)..>
  Contact:  trunk-good/sip:127.0.0.1:5160                  d32063d7f6 Avail         0.512
  Contact:  trunk-dead/sip:sip.example.com:5060            d32063d7f7 Unavail         nan
  Contact:  trunk-silent/sip:sip.example.com:5060          d32063d7f8 Unavail         nan
  Contact:  trunk-box/sip:192.168.1.1:5060                 d32063d7f9 Avail         0.512
`;
  it('tells each trunk apart, also one that is registered and does not answer any more', () => {
    const trunks = ['good', 'refused', 'dead', 'silent', 'new'].map((id) => ({ id, registers: true }));
    expect(Object.fromEntries(readRegistrations([...trunks, { id: 'box', registers: false }], words))).toEqual({
      good: 'registered',
      refused: 'rejected',
      dead: 'unreachable',
      silent: 'unreachable',
      new: 'unregistered',
      box: 'registered',
    });
  });
});

describe('firstProblem', () => {
  it('finds what is about the files, in the words of Asterisk', () => {
    const line =
      "[Nov 30 03:55:24] ERROR[1]: config_options.c:798 aco_process_var: Could not find option suitable for category '1000' named 'evil' at line 3 of pjsip.conf";
    expect(firstProblem(`PBX UUID: x\n${line}`)).toBe(
      "Could not find option suitable for category '1000' named 'evil' at line 3 of pjsip.conf",
    );
    expect(firstProblem("[2026-11-30 04:31:44.346] WARNING[1] loader.c: Error loading module 'x.so'")).toBe("Error loading module 'x.so'");
  });
  it('leaves out what a start without a network says', () => {
    const lines = [
      "Could not find option 'minimum_size' with type 'threadpool' in module 'stasis'",
      "[Nov 30] ERROR[1]: res_pjsip_endpoint_identifier_ip.c:410 ip_identify_apply: Identify 'trunk-b' failed when adding resolution results of 'sip.example.com'",
      '[Nov 30] NOTICE[1]: loader.c:2568 load_modules: 101 modules will be loaded.',
      "[Nov 30] WARNING[44]: res_pjsip_outbound_registration.c:1170 schedule_retry: No response received from 'sip:x'",
      '[Nov 30] ERROR[9]: netsock2.c:303 ast_sockaddr_resolve: getaddrinfo("sip.example.com", "(null)", ...): Temporary failure in name resolution',
    ];
    expect(firstProblem(lines.join('\n'))).toBeUndefined();
  });
});

describe('needsRestart', () => {
  const before = renderConfiguration(settings);
  it('is true for sockets, and not for phones and trunks', () => {
    expect(needsRestart(before, renderConfiguration({ ...settings, sipPort: 5062 }))).toBe(true);
    expect(needsRestart(before, renderConfiguration({ ...settings, reachableFrom: 'network' }))).toBe(true);
    expect(
      needsRestart(before, renderConfiguration({ ...settings, mobiles: [{ id: 'x', name: 'X', extension: '1001', password: 'x' }] })),
    ).toBe(false);
    expect(needsRestart(before, renderConfiguration({ ...settings, country: 'us', softphonePassword: 'y' }))).toBe(false);
  });
});

describe('mustBeFree', () => {
  it('names the program that has the port', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const program = process.platform === 'linux' ? expect.stringContaining(`(process ${process.pid})`) : expect.any(String);
    await expect(mustBeFree(port, '127.0.0.1')).rejects.toMatchObject({ code: 'phone.port-taken', details: { port, program } });
  });
});

describe('createExchangeSteps', () => {
  it('keeps what has failed with the step that it failed in', async () => {
    let told = 0;
    const steps = createExchangeSteps(['docker', 'image'], () => (told += 1));
    await steps.run('docker', () => Promise.resolve());
    await expect(
      steps.run('image', (progress) => {
        for (const share of [0.1, 0.1001, 0.5]) progress(share);
        return Promise.reject(exchangeError('phone.disk-full'));
      }),
    ).rejects.toThrow(AppError);
    expect(steps.list()).toMatchObject([
      { id: 'docker', status: 'done', error: null },
      { id: 'image', status: 'failed', error: { code: 'phone.disk-full' } },
    ]);
    expect(told).toBe(6);
    steps.reset();
    expect(steps.list().map(({ status }) => status)).toEqual(['waiting', 'waiting']);
  });
});

describe('inOurWords', () => {
  it.each([
    ['sandbox.no-docker', 'phone.no-docker'],
    ['sandbox.not-answering', 'phone.docker-silent'],
    ['sandbox.disk-full', 'phone.disk-full'],
    ['sandbox.no-image', 'phone.image-not-built'],
    ['killswitch.engaged', 'killswitch.engaged'],
  ])('%s becomes %s', (from, to) => expect(inOurWords(new AppError(from, 'words.')).code).toBe(to));
});

describe('missingModules', () => {
  it('is content with one of the two ways for sound', () => {
    expect(missingModules([...neededModules, ...runningModules('chan_audiosocket.so', 'res_audiosocket.so')])).toEqual([]);
    expect(missingModules([...neededModules, ...runningModules('chan_websocket.so', 'res_websocket_client.so')])).toEqual([]);
    expect(missingModules([...neededModules, ...runningModules('chan_audiosocket.so')])).toEqual(['res_audiosocket.so']);
    expect(missingModules([...neededModules, { name: 'chan_audiosocket.so', status: 'Not Running' }])).toHaveLength(2);
  });
});
