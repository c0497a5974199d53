import { describe, expect, it } from 'vitest';
import { mcpServerDraftSchema } from '../../../../src-preload/contract/index.ts';
import { draftOf, formOf, NEW_SERVER } from '../../../../src-renderer/features/hands/server-draft.ts';
import { SERVERS } from '../../../doubles/fake-core-hands-data.ts';

describe('draftOf', () => {
  it('reads one argument, variable or header a line, with all that is in it', () => {
    const program = {
      ...NEW_SERVER,
      name: ' Files ',
      command: ' npx ',
      args: '-y\n@scope/server\n/my notes\n',
      env: 'A=1=2\nnonsense\n B = x y',
    };
    expect(draftOf(program, true)).toEqual({
      name: 'Files',
      enabled: true,
      transport: { kind: 'stdio', command: 'npx', args: ['-y', '@scope/server', '/my notes'], env: { A: '1=2', B: 'x y' } },
    });
    const address = {
      ...NEW_SERVER,
      name: 'Web',
      kind: 'http' as const,
      url: 'https://example.com/mcp',
      headers: 'Authorization: Bearer {{secret:WEB}}',
    };
    expect(draftOf(address, false)).toEqual({
      name: 'Web',
      enabled: false,
      transport: { kind: 'http', url: 'https://example.com/mcp', headers: { Authorization: 'Bearer {{secret:WEB}}' } },
    });
  });

  it.each([
    ['a name', { ...NEW_SERVER, command: 'npx' }],
    ['a program', { ...NEW_SERVER, name: 'Files' }],
    ['an address', { ...NEW_SERVER, name: 'Web', kind: 'http' as const, url: 'not one' }],
  ])('is none without %s', (_what, form) => {
    expect(draftOf(form, true)).toBeUndefined();
  });

  it('keeps a server as it is when nothing of its form is changed, in the contract’s own shape', () => {
    for (const server of SERVERS) {
      const draft = draftOf(formOf(server), server.enabled);
      expect(draft).toEqual({ id: server.id, name: server.name, transport: server.transport, enabled: server.enabled });
      expect(mcpServerDraftSchema.safeParse(draft).success).toBe(true);
    }
  });
});
