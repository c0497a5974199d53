import { configurationText, safeValue, type Section } from './configuration-text.ts';
import { MUSIC_FOLDER } from './container-spec.ts';
import { dialplanText } from './dialplan-text.ts';
import { pjsipText } from './pjsip-text.ts';
import { ARI_USER, MEDIA_CLIENT, type RenderSettings } from './render-settings.ts';
import { indicationsText } from './tones.ts';

/** Loaded in this order; nothing else is. A module that is missing here cannot be attacked, and costs no memory. */
const MODULES = (
  'res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_srtp res_http_websocket res_websocket_client ' +
  'res_pjproject res_rtp_asterisk res_pjsip res_pjsip_pubsub res_pjsip_session res_pjsip_sdp_rtp res_pjsip_authenticator_digest ' +
  'res_pjsip_outbound_authenticator_digest res_pjsip_outbound_registration res_pjsip_registrar res_pjsip_endpoint_identifier_user ' +
  'res_pjsip_endpoint_identifier_ip res_pjsip_transport_websocket res_pjsip_nat res_pjsip_caller_id res_pjsip_dtmf_info ' +
  'res_pjsip_header_funcs res_pjsip_refer res_pjsip_rfc3326 res_pjsip_dlg_options res_pjsip_logger chan_pjsip ' +
  'codec_ulaw codec_alaw codec_a_mu codec_g722 codec_resample codec_opus_open_source res_format_attr_opus format_pcm format_sln format_wav ' +
  'res_musiconhold bridge_simple bridge_softmix bridge_native_rtp bridge_holding ' +
  'res_audiosocket chan_audiosocket app_audiosocket chan_websocket chan_rtp res_rtp_multicast chan_bridge_media ' +
  'res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop res_stasis_device_state ' +
  'res_ari_model res_ari res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels res_ari_device_states res_ari_endpoints ' +
  'res_ari_events res_ari_playbacks res_ari_recordings res_ari_sounds app_stasis ' +
  'pbx_config res_clioriginate app_dial app_echo app_playback app_record app_mixmonitor app_stack app_verbose app_milliwatt ' +
  'func_callerid func_channel func_hangupcause func_jitterbuffer func_logic func_strings func_talkdetect func_uuid func_pjsip_endpoint'
).split(' ');

/** Variables that ARI tells with every channel: the trunk it came by, and the leg of the media worker it is. */
const CHANNEL_VARIABLES = 'OPENCLAW_TRUNK,OPENCLAW_LEG';

/** Calls at once, far above what a person has; a flood ends here. */
const MAX_CALLS = 60;

/**
 * All files of Asterisk's configuration, by name. Pure: equal settings give equal files. Throws `phone.bad-configuration` where a value cannot be written;
 * whether Asterisk takes them is for Asterisk to say.
 */
export function renderConfiguration(settings: RenderSettings): ReadonlyMap<string, string> {
  const { certificates, dongle } = settings;
  return new Map<string, string>([
    ['asterisk.conf', asteriskText()],
    ['modules.conf', modulesText(settings)],
    ['http.conf', httpText(settings)],
    ['ari.conf', ariText(settings)],
    ['pjsip.conf', pjsipText(settings)],
    ['extensions.conf', dialplanText()],
    ['rtp.conf', rtpText(settings)],
    ['websocket_client.conf', mediaClientText(settings)],
    ['chan_websocket.conf', configurationText([{ name: 'global', options: { type: 'global', control_message_format: 'json' } }])],
    ['musiconhold.conf', configurationText([{ name: 'default', options: { mode: 'files', directory: MUSIC_FOLDER } }])],
    ['indications.conf', indicationsText(settings.country)],
    ['logger.conf', loggerText()],
    ...(dongle ? [['chan_dongle.conf', dongleText(dongle.device)] as const] : []),
    ...(certificates ? [['certificate.pem', pem(certificates.certificate)] as const, ['key.pem', pem(certificates.key)] as const] : []),
    ...SMALL_FILES,
  ]);
}

/** Files that must be there for a quiet start, and what they switch off. */
const SMALL_FILES: readonly (readonly [name: string, text: string])[] = [
  ['acl.conf', ''],
  ['ccss.conf', '[general]\n'],
  ['cdr.conf', '[general]\nenable = no\n'],
  ['cel.conf', '[general]\nenable = no\n'],
  ['features.conf', '[general]\n'],
  ['manager.conf', '[general]\nenabled = no\nwebenabled = no\n'],
  ['pjproject.conf', '[startup]\ntype = startup\nlog_level = 1\n'],
  ['stasis.conf', '[threadpool]\ninitial_size = 5\n'],
  ['udptl.conf', '[general]\n'],
];

/** Where the image has its places, and the container its folders. */
function asteriskText(): string {
  const directories = {
    astetcdir: '/etc/asterisk',
    astvarlibdir: '/var/lib/asterisk',
    astdbdir: '/var/lib/openclaw',
    astkeydir: '/var/lib/openclaw',
    astdatadir: '/usr/share/asterisk',
    astagidir: '/usr/share/asterisk/agi-bin',
    astspooldir: '/var/spool/asterisk',
    astrundir: '/run/asterisk',
    astlogdir: '/var/log/asterisk',
    astsbindir: '/usr/sbin',
  };
  const options = { nocolor: true, hideconnect: true, live_dangerously: false, documentation_language: 'en_US', maxcalls: MAX_CALLS };
  return configurationText([
    { name: 'directories', options: directories },
    { name: 'options', options },
  ]);
}

function modulesText({ dongle }: RenderSettings): string {
  const load = [...MODULES, ...(dongle ? ['chan_dongle'] : [])].map((name) => `${name}.so`);
  return configurationText([{ name: 'modules', options: { autoload: false, load } }]);
}

function httpText({ httpPort, certificates }: RenderSettings): string {
  const tls = certificates && {
    tlsenable: true,
    tlsbindaddr: `127.0.0.1:${certificates.httpsPort}`,
    tlscertfile: '/etc/asterisk/certificate.pem',
    tlsprivatekey: '/etc/asterisk/key.pem',
  };
  const options = { enabled: true, bindaddr: '127.0.0.1', bindport: httpPort, enable_static: false, enable_status: false, ...tls };
  return configurationText([{ name: 'general', options }]);
}

function ariText({ ariPassword }: RenderSettings): string {
  const general: Section = { name: 'general', options: { enabled: true, pretty: false, channelvars: CHANNEL_VARIABLES } };
  const user = { type: 'user', read_only: false, password: ariPassword, password_format: 'plain' };
  return configurationText([general, { name: ARI_USER, options: user }]);
}

const rtpText = ({ rtpPorts: [first, last] }: RenderSettings): string =>
  configurationText([{ name: 'general', options: { rtpstart: first, rtpend: last, strictrtp: true, icesupport: true } }]);

/** websocket_client.conf: where the assistant's leg of a call finds the media worker. */
export const mediaClientText = ({ mediaWebSocketPort }: Pick<RenderSettings, 'mediaWebSocketPort'>): string =>
  configurationText([
    {
      name: MEDIA_CLIENT,
      options: {
        type: 'websocket_client',
        connection_type: 'per_call_config',
        uri: `ws://127.0.0.1:${mediaWebSocketPort}/media`,
        protocols: 'media',
        connection_timeout: 1000,
        reconnect_interval: 500,
        reconnect_attempts: 2,
      },
    },
  ]);

/** Levels that say that something is wrong, on disk; debugging would write what is said in a call's signals. */
const loggerText = (): string =>
  `[general]\ndateformat = %F %T.%3q\nappend_hostname = no\n[logfiles]\nconsole => warning,error\n${LOG_FILE} => notice,warning,error\n`;

export const LOG_FILE = 'messages';

/** A GSM stick: calls and messages come in by `from-dongle`. */
const dongleText = (device: string): string =>
  configurationText([
    { name: 'general', options: { interval: 15 } },
    {
      name: 'defaults',
      options: { context: 'from-dongle', group: 0, rxgain: 0, txgain: 0, autodeletesms: true, resetdongle: true, callwaiting: 'auto' },
    },
    { name: 'dongle0', options: { data: device, audio: audioDevice(device) } },
  ]);

/** Sticks have three or four serial ports in a row: the sound's is the one before that of the commands. */
export function audioDevice(device: string): string {
  const [, stem, number] = /^(.*?)(\d+)$/.exec(device) ?? [];
  return stem === undefined || number === undefined || number === '0' ? device : `${stem}${Number(number) - 1}`;
}

/** PEM blocks only; anything else in such a file would be ignored, or be a mistake. */
function pem(text: string): string {
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]{1,40}-----\s[A-Za-z0-9+/=\s]{1,20000}-----END [A-Z0-9 ]{1,40}-----/g) ?? [];
  safeValue(blocks.length === 0 ? '\n' : '', 'certificate');
  return `${blocks.join('\n')}\n`;
}
