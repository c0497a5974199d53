import type { AriChannel } from '../telephony.ts';

/**
 * What a channel that enters the application wants, by the arguments of the dialplan: `internal,<dialled>` from phones of the owner's own,
 * `external,<trunk>,<dialled>` from the network, `dongle,<device>,<dialled>` from a GSM stick. in: for the owner · out: a phone of the owner's own dials.
 */
export type Arriving = { kind: 'in'; way: string; wantsAssistant: boolean } | { kind: 'out'; phone: string; number: string };

const ASSISTANT = '100';
const WINDOW = '1000';

/** undefined = nobody has asked for it: what a REFER brings, or a leftover. */
export function readArrival(
  { name, dialplan }: Pick<AriChannel, 'name'> & { dialplan: Pick<AriChannel['dialplan'], 'exten'> },
  args: readonly string[],
): Arriving | undefined {
  const [from, first = ''] = args;
  // A pattern for names also fits Asterisk's own `h`, where a channel goes when it has hung up: the dead do not call.
  if (dialplan.exten === 'h') return undefined;
  switch (from) {
    case 'external':
      return { kind: 'in', way: first, wantsAssistant: false };
    case 'dongle':
      return { kind: 'in', way: 'dongle', wantsAssistant: false };
    case 'internal': {
      if (first === ASSISTANT || first === WINDOW) return { kind: 'in', way: 'internal', wantsAssistant: first === ASSISTANT };
      const [, phone = ''] = /^PJSIP\/(\d+)-/.exec(name) ?? [];
      return { kind: 'out', phone, number: first };
    }
    default:
      return undefined;
  }
}
