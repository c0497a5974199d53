import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../src-main/base/errors.ts';
import { audioDevice, renderConfiguration } from '../../../../../src-main/modules/telephony/asterisk/configuration.ts';
import type { RenderSettings } from '../../../../../src-main/modules/telephony/asterisk/render-settings.ts';
import { readAsteriskFile, type ReadSection } from '../../../../doubles/asterisk-file-reader.ts';

type TrunkOfSettings = RenderSettings['trunks'][number];

const trunk = (change: Partial<TrunkOfSettings> = {}): TrunkOfSettings => ({
  id: 'sipgate',
  name: 'sipgate',
  preset: 'sipgate',
  enabled: true,
  host: 'sipgate.de',
  port: 5060,
  transport: 'udp',
  username: '1234567e0',
  authUser: '',
  callerId: '+4921112345',
  codecs: ['g722', 'alaw', 'ulaw'],
  registers: true,
  countryPrefix: '49',
  password: 'trunk;secret',
  ...change,
});

const settings = (change: Partial<RenderSettings> = {}): RenderSettings => ({
  trunks: [],
  mobiles: [],
  softphonePassword: 'soft',
  ariPassword: 'ari',
  sipPort: 5060,
  httpPort: 8088,
  trunkPort: 5070,
  rtpPorts: [20_000, 20_199],
  audioSocketPort: 9000,
  mediaWebSocketPort: 9001,
  reachableFrom: 'loopback',
  dongle: null,
  country: 'de',
  ...change,
});

const read = (of: RenderSettings, file: string): ReadSection[] => readAsteriskFile(renderConfiguration(of).get(file) ?? '');
const sectionOf = (of: RenderSettings, name: string, type: string): Record<string, string> | undefined => {
  const found = read(of, 'pjsip.conf').find(
    (each) => each.name === name && each.options.some(([key, value]) => key === 'type' && value === type),
  );
  return found && Object.fromEntries(found.options);
};
const bindings = (of: RenderSettings): string[] =>
  read(of, 'pjsip.conf')
    .map(({ options }) => Object.fromEntries(options))
    .filter(({ type }) => type === 'transport')
    .map(({ protocol, bind }) => `${protocol} ${bind}`);

const bad = (change: Partial<RenderSettings>) => () => renderConfiguration(settings(change));

/** Everything that there can be, once. */
const everything = settings({
  trunks: [
    trunk(),
    trunk({
      id: 'peoplefone',
      name: 'peoplefone',
      preset: 'peoplefone',
      host: 'sips.peoplefone.ch',
      transport: 'tls',
      port: 5061,
      callerId: '',
    }),
    trunk({ id: 'voipms', preset: 'voipms', host: 'frankfurt1.voip.ms', transport: 'tcp', authUser: 'other', callerId: '+15551234567' }),
    trunk({ id: 'zadarma', preset: 'zadarma', host: 'sip.zadarma.com', codecs: ['alaw'] }),
    trunk({
      id: 'box',
      name: 'Box',
      preset: 'custom',
      host: '192.168.1.1',
      registers: false,
      password: '',
      username: '',
      codecs: ['opus'],
    }),
    trunk({ id: 'off', enabled: false }),
  ],
  mobiles: [{ id: 'pocket', name: 'Jörg "the" <phone>', extension: '1001', password: 'pocket' }],
  dongle: { device: '/dev/ttyUSB2' },
});

describe('renderConfiguration', () => {
  it('gives the whole of a configuration as it was read and tried', async () => {
    const text = [...renderConfiguration(everything)].map(([name, content]) => `=== ${name}\n${content}`).join('\n');
    await expect(text).toMatchFileSnapshot('../../../../fixtures/telephony/asterisk-configuration.txt');
  });

  it('keeps everything on loopback while no phone and no trunk outside needs more', () => {
    expect(bindings(settings())).toEqual(['udp 127.0.0.1:5060', 'tcp 127.0.0.1:5060', 'ws 127.0.0.1']);
    expect(bindings(settings({ trunks: [trunk({ host: '127.0.0.1' })] }))).toEqual([
      'udp 127.0.0.1:5060',
      'tcp 127.0.0.1:5060',
      'ws 127.0.0.1',
    ]);
    const text = [...renderConfiguration(settings()).values()].join('\n');
    expect(text).not.toContain('0.0.0.0');
  });

  it('opens one socket more for a trunk outside, and none for one that is switched off', () => {
    expect(bindings(settings({ trunks: [trunk()] }))).toContain('udp 0.0.0.0:5070');
    expect(bindings(settings({ trunks: [trunk({ transport: 'tls' })] }))).toContain('tls 0.0.0.0:5071');
    expect(bindings(settings({ trunks: [trunk({ enabled: false })] }))).toHaveLength(3);
    expect(bindings(settings({ reachableFrom: 'network', trunks: [trunk()] }))).toEqual([
      'udp 0.0.0.0:5060',
      'tcp 0.0.0.0:5060',
      'ws 127.0.0.1',
    ]);
  });

  it('serves WebSockets over TLS where there are certificates', () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    const of = settings({ certificates: { certificate, key: certificate, httpsPort: 8089 } });
    expect(bindings(of)).toEqual(['udp 127.0.0.1:5060', 'tcp 127.0.0.1:5060', 'tls 127.0.0.1:5061', 'ws 127.0.0.1', 'wss 127.0.0.1']);
    expect(Object.fromEntries(read(of, 'http.conf')[0]?.options ?? [])).toMatchObject({ tlsenable: 'yes', tlsbindaddr: '127.0.0.1:8089' });
    expect(renderConfiguration(of).get('certificate.pem')).toBe(`${certificate}\n`);
    expect(() => renderConfiguration(settings({ certificates: { certificate: 'none', key: certificate, httpsPort: 1 } }))).toThrow(
      AppError,
    );
  });

  it('lets nobody in by the name of a trunk, and nobody else without a password', () => {
    const of = settings({ trunks: [trunk(), trunk({ id: 'box', registers: false })], mobiles: everything.mobiles });
    for (const name of ['trunk-sipgate', 'trunk-box'])
      expect(sectionOf(of, name, 'endpoint')).toMatchObject({ identify_by: 'ip', context: 'from-external' });
    for (const name of ['1000', '1001']) expect(sectionOf(of, name, 'endpoint')).toMatchObject({ auth: name, context: 'from-internal' });
    expect(sectionOf(of, 'trunk-sipgate', 'registration')).toMatchObject({ line: 'yes', endpoint: 'trunk-sipgate' });
    expect(sectionOf(of, 'trunk-box', 'identify')).toMatchObject({ match: 'sipgate.de' });
  });

  it('shows the number that the provider wants to see, in the way that it wants', () => {
    const asserted = sectionOf(settings({ trunks: [trunk()] }), 'trunk-sipgate', 'endpoint');
    expect(asserted).toMatchObject({ from_user: '1234567e0', callerid: '<+4921112345>', send_pai: 'yes' });
    const from = sectionOf(settings({ trunks: [trunk({ preset: 'voipms' })] }), 'trunk-sipgate', 'endpoint');
    expect(from).toMatchObject({ from_user: '4921112345', from_domain: 'sipgate.de' });
    expect(sectionOf(settings({ trunks: [trunk({ callerId: '' })] }), 'trunk-sipgate', 'endpoint')).not.toHaveProperty('callerid');
  });

  it('leads no call past the application, not even from one phone of the owner’s to another', () => {
    const text = renderConfiguration(everything).get('extensions.conf') ?? '';
    expect(text).not.toContain('Dial(');
    expect(text).not.toContain('trunk-');
    const outbound = text.slice(text.indexOf('[outbound]'));
    for (const number of ['112', '110', '911', '999']) expect(outbound).toContain(`exten => ${number},1,Hangup(21)\n`);
  });

  it('lets no text of a person add a line, a section or an option', () => {
    const known = [
      'a;b',
      'a\\;b',
      ';',
      ';-- x',
      '--;',
      'x\n[evil]',
      'x\r\n#include /etc/passwd',
      '=>',
      ' x',
      '[x]',
      '#exec ls',
      'a\u2028b',
      '\\',
      '${SHELL(ls)}',
    ];
    const awkward = fc.string({ unit: 'binary', maxLength: 60 });
    const plain = shapeOf(everything);
    fc.assert(
      fc.property(awkward, awkward, awkward, (password, name, host) => {
        const of = settings({
          ...everything,
          softphonePassword: password,
          ariPassword: password,
          trunks: everything.trunks.map((each) => ({
            ...each,
            name,
            ...(each.password === '' ? {} : { password: password || 'x', authUser: password }),
            host: host || 'h',
          })),
          mobiles: everything.mobiles.map((each) => ({ ...each, name, password })),
        });
        let shape: string;
        try {
          shape = shapeOf(of);
        } catch (error) {
          // Refused is as good as written right; the words never hold the secret itself.
          expect(error).toMatchObject({ code: 'phone.bad-configuration' });
          return;
        }
        expect(shape).toBe(plain);
        const passwords = read(of, 'pjsip.conf')
          .filter(({ name: each }) => /^100\d$/.test(each))
          .flatMap(({ options }) => options.filter(([key]) => key === 'password'));
        expect(passwords.map(([, value]) => value)).toEqual([password, password]);
      }),
      { numRuns: 40, examples: known.map((text) => [text, text, text]) },
    );
  }, 60_000);

  it('refuses names that are none', () => {
    expect(bad({ trunks: [trunk({ id: 'a]\n[b' })] })).toThrow(AppError);
    expect(bad({ mobiles: [{ id: 'x', name: 'x', extension: '1001,1,System(ls)', password: 'x' }] })).toThrow(AppError);
    expect(bad({ httpPort: -1 })).toThrow(AppError);
  });
});

/** Sections and keys of the files that texts of persons go into, without the values; what depends on where a host lies is left out. */
function shapeOf(of: RenderSettings): string {
  const places = new Set(['media_address', 'bind_rtp_to_media_address']);
  const files = renderConfiguration(of);
  const shapes = ['pjsip.conf', 'ari.conf', 'extensions.conf'].map((name) =>
    readAsteriskFile(files.get(name) ?? '')
      .filter(({ options }) => !options.some(([key, value]) => key === 'type' && value === 'transport'))
      .map((section) => [section.name, section.options.map(([key]) => key).filter((key) => !places.has(key))]),
  );
  return JSON.stringify(shapes);
}

describe('audioDevice', () => {
  it('is the port before that of the commands', () => {
    expect([audioDevice('/dev/ttyUSB2'), audioDevice('/dev/ttyUSB10'), audioDevice('/dev/dongle')]).toEqual([
      '/dev/ttyUSB1',
      '/dev/ttyUSB9',
      '/dev/dongle',
    ]);
  });
});
