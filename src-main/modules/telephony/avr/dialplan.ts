/** Port of the AudioSocket server that AVR's dialplans know. */
export const OPEN_AUDIOSOCKET_PORT = 5001;

/**
 * What the dialplan of an Asterisk of one's own must say, to be pasted into extensions.conf. 8 kHz: the application AudioSocket() knows no other rate, and
 * the channel driver without `c(slin16)` hands over whatever codec the caller has.
 */
export function avrDialplan({ port = OPEN_AUDIOSOCKET_PORT, address = '127.0.0.1' }: { port?: number; address?: string } = {}): string {
  return `; OpenClaw Desktop: extension 5001 speaks with the assistant.
; Needs the modules app_audiosocket and res_audiosocket (Asterisk 18 or newer), and an Asterisk that
; reaches ${address}:${port}, which only programs of this computer do.
; Switch the port on under Settings > Phone > "Open AudioSocket".
[openclaw]
exten => 5001,1,NoOp(The assistant of OpenClaw Desktop)
 same => n,Answer()
 same => n,Set(CHANNEL(hangup_handler_push)=openclaw-gone,s,1)
 same => n,Set(OPENCLAW_ID=\${UUID()})
 same => n,AudioSocket(\${OPENCLAW_ID},${address}:${port})
 same => n,Hangup()

; At 16 kHz, for callers with G.722 or Opus (Asterisk 20.17, 21.12, 22.7, 23.1 or newer):
exten => 5002,1,Answer()
 same => n,Dial(AudioSocket/${address}:${port}/\${UUID()}/c(slin16))
 same => n,Hangup()

[openclaw-gone]
exten => s,1,NoOp(The assistant's call is over)
 same => n,Return()

; Callers reach it from your own contexts with:
;   include => openclaw
`;
}
