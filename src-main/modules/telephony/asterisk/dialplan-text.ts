import { ARI_APPLICATION, SOFTPHONE } from './render-settings.ts';

/**
 * Numbers of the emergency services of the countries that people of this app live in, and the European and American ones. A second wall: main refuses
 * them to the assistant long before; in `outbound` nothing gets past these lines.
 */
const EMERGENCY_NUMBERS =
  '000 110 111 112 113 115 117 118 119 122 123 133 140 141 143 144 147 15 17 18 190 191 192 193 999 911 116117'.split(' ');

/** What may be in a dialled number or name before it is handed on as an argument: no comma, which would begin another one. */
const CLEAN = '${FILTER(0-9A-Za-z+*#,${EXTEN})}';

interface Step {
  extension: string;
  steps: readonly string[];
}

/**
 * extensions.conf. Every call ends up in the application, where main decides; nothing here leads to a trunk. Arguments of the application:
 * `internal,<dialled>` from phones of ours, `external,<trunk>,<dialled>` from a trunk, `dongle,<device>,<dialled>` from a GSM stick, `outbound,<dialled>`
 * from a transfer.
 */
export const dialplanText = (): string => ['[general]\nstatic = yes\nwriteprotect = yes\n', applicationContexts()].join('\n');

const stasis = (...words: string[]): string[] => [
  `Stasis(${[ARI_APPLICATION, ...words].join(',')})`,
  // 42 where the app is not there: the caller's network says "not available now". Else the cause stays the one that the app gave.
  'Hangup(${IF($["${STASISSTATUS}" = "FAILED"]?42:)})',
];

/** The contexts alone, for an Asterisk that has a dialplan of its own. */
export function applicationContexts(): string {
  return [
    context('from-internal', [
      { extension: '100', steps: stasis('internal', '100') },
      { extension: '600', steps: ['Answer()', 'Echo()', 'Hangup()'] },
      { extension: SOFTPHONE, steps: stasis('internal', SOFTPHONE) },
      { extension: '_[+*#0-9]', steps: stasis('internal', CLEAN) },
      { extension: '_[+*#0-9].', steps: stasis('internal', CLEAN) },
    ]),
    context('from-external', anything(stasis('external', '${OPENCLAW_TRUNK}', CLEAN))),
    context('from-dongle', anything(stasis('dongle', '${FILTER(0-9A-Za-z,${DONGLENAME})}', CLEAN))),
    context('outbound', [
      ...EMERGENCY_NUMBERS.map((extension) => ({ extension, steps: ['Hangup(21)'] })),
      { extension: '_[+*#0-9]', steps: stasis('outbound', CLEAN) },
      { extension: '_[+*#0-9].', steps: stasis('outbound', CLEAN) },
    ]),
    // A tone to call, for the test of the way that sound takes.
    context('test', [{ extension: 'tone', steps: ['Answer()', 'Milliwatt()', 'Hangup()'] }]),
  ].join('\n');
}

/** Whatever was dialled: numbers, names, and nothing at all; but not `h`, at which Asterisk itself looks after the end of a call. */
const anything = (steps: readonly string[]): Step[] =>
  ['s', '_[+*#0-9A-Za-gi-z]', '_[+*#0-9A-Za-z].'].map((extension) => ({ extension, steps }));

function context(name: string, extensions: readonly Step[]): string {
  const lines = extensions.flatMap(({ extension, steps }) =>
    steps.map((step, index) => (index === 0 ? `exten => ${extension},1,${step}\n` : ` same => n,${step}\n`)),
  );
  return `[${name}]\n${lines.join('')}`;
}
