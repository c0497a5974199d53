/** Who may use the provider; passwords are good for loopback and one test. */
export const PROVIDER_USERS = {
  /** The exchange of ours that registers here. */
  customer: { user: 'customer', password: 'customer-secret' },
  /** A telephone of somebody else, at the other end of the network. */
  phone: { user: 'phone', password: 'phone-secret' },
} as const;

/** Numbers that the provider answers itself. All others ring at the other end's telephone. */
export const PROVIDER_NUMBERS = {
  echo: '600',
  /** 1004 Hz. */
  tone: '601',
  busy: '700',
  unknown: '701',
  ringsForEver: '702',
  forbidden: '703',
  silent: '704',
} as const;

const MODULES =
  `res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_rtp_asterisk res_pjsip res_pjsip_pubsub
 res_pjsip_session res_pjsip_sdp_rtp res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_registrar
 res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_ip res_pjsip_nat res_pjsip_caller_id res_pjsip_rfc3326 res_pjsip_dlg_options
 chan_pjsip codec_ulaw codec_alaw codec_a_mu codec_resample format_pcm format_sln bridge_simple bridge_softmix bridge_native_rtp pbx_config
 app_dial app_echo app_milliwatt app_verbose app_stack func_callerid func_channel func_uuid
 res_audiosocket app_audiosocket chan_audiosocket`.split(/\s+/);

interface ProviderPlan {
  sipPort: number;
  rtpPorts: readonly [number, number];
  /** More for its extensions.conf, with a context `openclaw` that callers of its network reach. */
  dialplan?: string | undefined;
}

/** Its files by name. Everything on 127.0.0.1. */
export function providerFiles({ sipPort, rtpPorts, dialplan }: ProviderPlan): Record<string, string> {
  const empty = ['ccss', 'features', 'udptl', 'acl'].map((name) => [`${name}.conf`, '[general]\n']);
  return {
    ...(Object.fromEntries(empty) as Record<string, string>),
    'modules.conf': `[modules]\nautoload = no\n${MODULES.map((name) => `load = ${name}.so`).join('\n')}\n`,
    'asterisk.conf': `[directories]
astetcdir => /etc/asterisk
astmoddir => /usr/lib/x86_64-linux-gnu/asterisk/modules
astvarlibdir => /var/lib/asterisk
astdbdir => /tmp
astdatadir => /usr/share/asterisk
astspooldir => /tmp
astrundir => /run/asterisk
astlogdir => /tmp
[options]
documentation_language = en_US
nocolor = yes
`,
    'cdr.conf': '[general]\nenable = no\n',
    'cel.conf': '[general]\nenable = no\n',
    'http.conf': '[general]\nenabled = no\n',
    'manager.conf': '[general]\nenabled = no\n',
    'pjproject.conf': '[startup]\ntype = startup\nlog_level = 1\n',
    'stasis.conf': '[threadpool]\ninitial_size = 5\n',
    'indications.conf':
      '[general]\ncountry = de\n[de]\ndescription = Germany\nringcadence = 1000,4000\ndial = 425\nbusy = 425/480,0/480\nring = 425/1000,0/4000\ncongestion = 425/240,0/240\n',
    'logger.conf': '[general]\n[logfiles]\nconsole => notice,warning,error\n',
    'rtp.conf': `[general]\nrtpstart = ${rtpPorts[0]}\nrtpend = ${rtpPorts[1]}\nstrictrtp = yes\n`,
    'pjsip.conf': pjsip(sipPort),
    'extensions.conf': extensions(dialplan),
  };
}

function pjsip(sipPort: number): string {
  const media =
    'disallow = all\nallow = alaw,ulaw\ndirect_media = no\nmedia_address = 127.0.0.1\nbind_rtp_to_media_address = yes\nrtp_symmetric = yes';
  const account = ({ user, password }: { user: string; password: string }, context: string): string => `[${user}]
type = endpoint
context = ${context}
auth = ${user}
aors = ${user}
${media}
[${user}]
type = auth
auth_type = userpass
username = ${user}
password = ${password}
[${user}]
type = aor
max_contacts = 1
remove_existing = yes
`;
  return `[global]
type = global
endpoint_identifier_order = auth_username,username,ip
user_agent = Provider
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:${sipPort}
${account(PROVIDER_USERS.customer, 'from-customer')}${account(PROVIDER_USERS.phone, 'from-network')}; callers without a name, for scenarios of sipp
[anybody]
type = endpoint
context = from-network
${media}
[anybody]
type = identify
endpoint = anybody
match = 127.0.0.1
`;
}

function extensions(more = ''): string {
  const { echo, tone, busy, unknown, ringsForEver, forbidden, silent } = PROVIDER_NUMBERS;
  return `[general]
static = yes
[services]
exten => ${echo},1,Answer()
 same => n,Echo()
exten => ${tone},1,Answer()
 same => n,Milliwatt()
exten => ${busy},1,Hangup(17)
exten => ${unknown},1,Hangup(1)
exten => ${ringsForEver},1,Ringing()
 same => n,Wait(300)
exten => ${forbidden},1,Hangup(21)
exten => ${silent},1,Answer()
 same => n,Wait(300)
; a pattern beside an include would win over it, so the patterns are includes, too
[from-customer]
include => services
include => to-phone
[from-network]
include => services
${more === '' ? '' : 'include => openclaw\n'}include => to-customer
[to-phone]
exten => _[+0-9]!,1,Dial(PJSIP/${PROVIDER_USERS.phone.user},60)
 same => n,Hangup(\${HANGUPCAUSE})
[to-customer]
exten => _[+0-9]!,1,Dial(PJSIP/${PROVIDER_USERS.customer.user},60)
 same => n,Hangup(\${HANGUPCAUSE})
${more}`;
}
