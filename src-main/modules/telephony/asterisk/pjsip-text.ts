import type { Trunk, TrunkPreset } from '../../../../src-preload/contract/index.ts';
import { configurationText, displayName, safeName, type Section } from './configuration-text.ts';
import { enabledTrunks, isLoopback, SOFTPHONE, trunkEndpoint, type RenderSettings } from './render-settings.ts';

const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
type Transport = (typeof TRANSPORTS)[number];

/** Asterisk then binds a call's sound to loopback too; without both it goes by the machine's own address. */
const ON_LOOPBACK = { media_address: '127.0.0.1', bind_rtp_to_media_address: true } as const;
/**
 * Packets of a network come late, and some before others; without this Asterisk drops those. They are put in order, up to 200 ms apart (first number). A telephone
 * that stood still for a moment is later by that for good: beyond the second number the buffer takes that for the new time. It must not be more than the first, or
 * all between the two is thrown away as too late, for ten seconds (measured: three frames of four). The last number is what is held back for nothing: with 0 a calm
 * line is 20 ms later than without, with Asterisk's usual 40 it is 80 ms, which is heard in every answer.
 */
const JITTER_BUFFER = 'JITTERBUFFER(adaptive)=200,200,0';
/** Behind a router: answer where it came from, whatever the other end says about itself. */
const BEHIND_ROUTER = { rtp_symmetric: true, force_rport: true, rewrite_contact: true } as const;

/**
 * How a provider wants the caller's number: in P-Asserted-Identity beside the account (`asserted`), or as the user of From (`from`). The account
 * stands in From everywhere else, because providers refuse calls without it.
 */
const CALLER_ID_BY: Readonly<Record<TrunkPreset, 'asserted' | 'from'>> = {
  sipgate: 'asserted',
  peoplefone: 'asserted',
  voipms: 'from',
  zadarma: 'asserted',
  custom: 'asserted',
};

/**
 * A phone that hands its call on by its own key (REFER) asks us; by itself Asterisk would place a call that nobody has looked at. One that is too old to ask
 * goes to `outbound`, which leads nowhere but to us.
 */
const TRANSFERS_ASK_US = ['PJSIP_TRANSFER_HANDLING()=ari-only', 'TRANSFER_CONTEXT=outbound'];

/** pjsip.conf: transports, the window's softphone, the owner's phones, the trunks. */
export function pjsipText(settings: RenderSettings): string {
  return configurationText([
    {
      name: 'global',
      options: { type: 'global', endpoint_identifier_order: 'auth_username,username,ip', user_agent: 'OpenClaw', keep_alive_interval: 30 },
    },
    ...transports(settings),
    ...softphone(settings.softphonePassword),
    ...settings.mobiles.flatMap((mobile) => phone(mobile, settings)),
    ...enabledTrunks(settings).flatMap((trunk) => trunkSections(trunk, settings)),
  ]);
}

/** Trunks outside need a socket that reaches outside; one that serves phones of the network reaches it already. */
const needsOwnTransport = (trunk: Trunk, { reachableFrom }: RenderSettings): boolean =>
  reachableFrom === 'loopback' && !isLoopback(trunk.host);

const transportOf = (trunk: Trunk, settings: RenderSettings): string =>
  needsOwnTransport(trunk, settings) ? `${trunk.transport}-trunk` : trunk.transport;

function transports(settings: RenderSettings): Section[] {
  const { reachableFrom, sipPort, trunkPort, certificates } = settings;
  const trunks = enabledTrunks(settings);
  const address = reachableFrom === 'network' ? '0.0.0.0' : '127.0.0.1';
  const inside = TRANSPORTS.filter(
    (protocol) =>
      protocol !== 'tls' ||
      certificates !== undefined ||
      trunks.some((trunk) => trunk.transport === 'tls' && !needsOwnTransport(trunk, settings)),
  );
  const outside = TRANSPORTS.filter((protocol) =>
    trunks.some((trunk) => trunk.transport === protocol && needsOwnTransport(trunk, settings)),
  );
  const transport = (name: string, protocol: Transport, bind: string, port: number): Section => ({
    name,
    options: {
      type: 'transport',
      protocol,
      bind: `${bind}:${protocol === 'tls' ? port + 1 : port}`,
      ...(protocol === 'tls' ? tlsOptions(certificates) : {}),
    },
  });
  return [
    ...inside.map((protocol) => transport(protocol, protocol, address, sipPort)),
    ...outside.map((protocol) => transport(`${protocol}-trunk`, protocol, '0.0.0.0', trunkPort)),
    // Both are served by http.conf's sockets; the address here is only a name.
    { name: 'ws', options: { type: 'transport', protocol: 'ws', bind: '127.0.0.1' } },
    ...(certificates ? [{ name: 'wss', options: { type: 'transport', protocol: 'wss', bind: '127.0.0.1' } }] : []),
  ];
}

const tlsOptions = (certificates: RenderSettings['certificates']): Section['options'] => ({
  method: 'tlsv1_2',
  ca_list_file: '/etc/ssl/certs/ca-certificates.crt',
  verify_server: true,
  ...(certificates ? { cert_file: '/etc/asterisk/certificate.pem', priv_key_file: '/etc/asterisk/key.pem' } : {}),
});

/** The sections of the window's softphone alone. */
export const softphoneText = (password: string): string => configurationText(softphone(password));

function softphone(password: string): Section[] {
  return [
    {
      name: SOFTPHONE,
      options: {
        type: 'endpoint',
        context: 'from-internal',
        identify_by: 'auth_username,username',
        webrtc: true,
        dtls_auto_generate_cert: true,
        disallow: 'all',
        allow: 'opus,ulaw',
        // Else ARI's calls are offered in the codec of nobody, and the page answers in telephone quality.
        outgoing_call_offer_pref: 'local_merge',
        auth: SOFTPHONE,
        aors: SOFTPHONE,
        direct_media: false,
        set_var: TRANSFERS_ASK_US,
        ...ON_LOOPBACK,
      },
    },
    authOf(SOFTPHONE, SOFTPHONE, password),
    // There is one window; a page that was loaded anew takes the place of the one before.
    { name: SOFTPHONE, options: { type: 'aor', max_contacts: 1, remove_existing: true } },
  ];
}

function phone({ extension, name, password }: RenderSettings['mobiles'][number], { reachableFrom }: RenderSettings): Section[] {
  return [
    {
      name: extension,
      options: {
        type: 'endpoint',
        context: 'from-internal',
        identify_by: 'auth_username,username',
        disallow: 'all',
        allow: 'opus,g722,alaw,ulaw',
        auth: extension,
        aors: extension,
        callerid: callerId(name, extension),
        set_var: [JITTER_BUFFER, ...TRANSFERS_ASK_US],
        direct_media: false,
        ...BEHIND_ROUTER,
        ...(reachableFrom === 'loopback' ? ON_LOOPBACK : {}),
      },
    },
    authOf(extension, extension, password),
    // A phone that comes back from another address is called there, and not where it was.
    { name: extension, options: { type: 'aor', max_contacts: 1, remove_existing: true, qualify_frequency: 30 } },
  ];
}

const authOf = (name: string, username: string, password: string): Section => ({
  name,
  options: { type: 'auth', auth_type: 'userpass', username, password },
});

const callerId = (name: string, number: string): string => {
  const shown = displayName(name);
  return shown === '' ? `<${number}>` : `"${shown}" <${number}>`;
};

function trunkSections(trunk: RenderSettings['trunks'][number], settings: RenderSettings): Section[] {
  const name = trunkEndpoint(trunk.id);
  const transport = transportOf(trunk, settings);
  const host = trunk.host.includes(':') ? `[${trunk.host}]` : trunk.host;
  const place = `${host}:${trunk.port}${trunk.transport === 'udp' ? '' : `;transport=${trunk.transport}`}`;
  // An account may have a domain of its own behind an @.
  const account = trunk.username.replaceAll('@', '%40');
  const hasAuth = trunk.password !== '';
  return [
    {
      name,
      options: {
        type: 'endpoint',
        context: 'from-external',
        // By the line of its registration or by its address, never by a name that anybody can put into From.
        identify_by: 'ip',
        transport,
        disallow: 'all',
        allow: trunk.codecs.join(','),
        aors: name,
        outbound_auth: hasAuth ? `${name}-auth` : undefined,
        set_var: [`OPENCLAW_TRUNK=${safeName(trunk.id)}`, JITTER_BUFFER],
        direct_media: false,
        // Whoever calls from outside could have us call anybody, at the owner's cost.
        allow_transfer: false,
        ...BEHIND_ROUTER,
        rtp_keepalive: 15,
        trust_id_inbound: true,
        ...(isLoopback(trunk.host) ? ON_LOOPBACK : {}),
        ...callerOptions(trunk, host),
      },
    },
    { name, options: { type: 'aor', contact: `sip:${place}`, qualify_frequency: 15 } },
    ...(hasAuth ? [authOf(`${name}-auth`, trunk.authUser || trunk.username, trunk.password)] : []),
    ...(trunk.registers ? [registration({ name, transport, place, account, hasAuth })] : [identify(name, trunk.host)]),
  ];
}

function callerOptions(trunk: Trunk, host: string): Section['options'] {
  const { callerId: number, username } = trunk;
  if (CALLER_ID_BY[trunk.preset] === 'from' && number !== '')
    return { from_user: number.replace(/^\+/, ''), from_domain: host, callerid: `<${number}>` };
  return {
    from_user: username || undefined,
    from_domain: host,
    ...(number === '' ? {} : { callerid: `<${number}>`, send_pai: true, trust_id_outbound: true }),
  };
}

const registration = ({
  name,
  transport,
  place,
  account,
  hasAuth,
}: {
  name: string;
  transport: string;
  place: string;
  account: string;
  hasAuth: boolean;
}): Section => ({
  name,
  options: {
    type: 'registration',
    transport,
    server_uri: `sip:${place}`,
    client_uri: `sip:${account}@${place}`,
    contact_user: account || undefined,
    outbound_auth: hasAuth ? `${name}-auth` : undefined,
    expiration: 300,
    // Belongs here: without it the first attempt waits for up to ten seconds.
    max_random_initial_delay: 0,
    retry_interval: 10,
    forbidden_retry_interval: 60,
    fatal_retry_interval: 60,
    auth_rejection_permanent: false,
    max_retries: 100_000,
    line: true,
    endpoint: name,
  },
});

const identify = (name: string, host: string): Section => ({ name, options: { type: 'identify', endpoint: name, match: host } });
