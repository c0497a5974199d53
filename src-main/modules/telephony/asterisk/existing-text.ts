import { mediaClientText } from './configuration.ts';
import { applicationContexts } from './dialplan-text.ts';
import { softphonePasswordOf } from './existing-exchange.ts';
import { softphoneText } from './pjsip-text.ts';

/**
 * What an Asterisk of the owner's own must have beside its own configuration, as text for its files: the window's softphone, the way to the media worker, and the
 * contexts that hand calls to the app. The owner points trunks at `from-external` with `set_var = OPENCLAW_TRUNK=<name>`.
 */
export function existingAsteriskText({ ariPassword, mediaWebSocketPort }: { ariPassword: string; mediaWebSocketPort: number }): string {
  return [
    '; --- modules.conf: func_talkdetect tells who speaks, for the transcript; func_jitterbuffer is for trunks, res_musiconhold for calls on hold\n',
    '; --- ari.conf: in [general]\nchannelvars = OPENCLAW_TRUNK,OPENCLAW_LEG\n',
    `; --- pjsip.conf\n${softphoneText(softphonePasswordOf(ariPassword))}`,
    `; --- websocket_client.conf\n${mediaClientText({ mediaWebSocketPort })}`,
    '; --- chan_websocket.conf\n[global]\ntype = global\ncontrol_message_format = json\n',
    `; --- extensions.conf\n${applicationContexts()}`,
  ].join('\n');
}
