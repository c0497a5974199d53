import { describe, expect, it } from 'vitest';
import { readLaunchOptions } from '../../../../src-main/modules/shell/launch-options.ts';

describe('readLaunchOptions', () => {
  it.each([
    [['electron', '.'], { command: 'show', hidden: false }],
    [['electron', '.', '--no-sandbox', '--talk'], { command: 'talk-toggle', hidden: false }],
    [['electron', '--mute'], { command: 'mute-toggle', hidden: false }],
    [['electron', '--quiet', '--talk'], { command: 'stop', hidden: false }],
    [['electron', '--stop', '--talk'], { command: 'kill', hidden: false }],
    [['electron', '--hidden'], { command: 'show', hidden: true }],
    [['electron', '--talk=now', 'talk'], { command: 'show', hidden: false }],
    [['electron', '__proto__', 'constructor'], { command: 'show', hidden: false }],
  ] as const)('reads %j', (commandLine, expected) => {
    expect(readLaunchOptions(commandLine)).toEqual(expected);
  });
});
