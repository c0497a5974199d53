import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createCommands } from '../../../../src-main/modules/shell/commands.ts';
import { createPageHub } from '../../../../src-main/platform/contract-host/index.ts';

function setUp() {
  const hub = createPageHub({ log: silentLog, checkEvents: true });
  const seen: string[] = [];
  const page = (door: 'window' | 'browser', clientId: string): void => {
    const send = (_name: string, payload: unknown): unknown => seen.push(`${clientId} ${JSON.stringify(payload)}`);
    hub.add({ caller: { door, clientId }, send, openAudio: () => undefined });
  };
  page('window', 'win');
  page('browser', 'page');
  return { seen, run: createCommands({ hub, show: () => seen.push('shown'), quit: () => seen.push('quit') }) };
}

describe('createCommands', () => {
  it('gives what concerns the microphone to the window alone', () => {
    const { seen, run } = setUp();
    run('talk-toggle');
    run('mute-toggle');
    expect(seen).toEqual(['win {"command":"talk-toggle"}', 'win {"command":"mute-toggle"}']);
  });

  it('stops every page', () => {
    const { seen, run } = setUp();
    run('stop');
    expect(seen).toEqual(['win {"command":"stop"}', 'page {"command":"stop"}']);
  });

  it('shows the window first for what is on a screen of it', () => {
    const { seen, run } = setUp();
    run('show-settings');
    run('show');
    run('quit');
    expect(seen).toEqual(['shown', 'win {"command":"show-settings"}', 'shown', 'quit']);
  });
});
