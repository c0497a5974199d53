import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMcpFile, type SavedServer } from '../../../../src-main/modules/mcp/mcp-file.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const clock = { wallMs: () => 1234 };
const server: SavedServer = {
  id: 'mcp_1',
  name: 'Files',
  transport: { kind: 'stdio', command: 'files', args: [], env: { KEY: '{{secret:key}}' } },
  enabled: true,
  decisions: { read: { pin: 'p', title: 'Read', description: 'Reads.', rights: ['read-files'], policy: 'allow' } },
};

describe('openMcpFile', () => {
  it('begins empty and keeps what was changed', async () => {
    const dataDirectory = await temporaryFolder();
    const file = await openMcpFile({ dataDirectory, clock });
    expect(file.content()).toEqual({ servers: [], access: [] });
    await file.change((content) => ({ ...content, servers: [server] }));
    expect((await openMcpFile({ dataDirectory, clock })).content()).toEqual({ servers: [server], access: [] });
  });

  it('keeps a damaged file aside, reports it, and goes on', async () => {
    const dataDirectory = await temporaryFolder();
    await writeFile(join(dataDirectory, 'mcp.json'), '{"version": 1, "servers": [{"id": 5}]}');
    const file = await openMcpFile({ dataDirectory, clock });
    expect(file.problem()).toMatchObject({ code: 'mcp.file-damaged' });
    expect(await readdir(dataDirectory)).toEqual(['mcp.damaged-1234.json']);
    await file.change((content) => ({ ...content, servers: [server] }));
    expect(JSON.parse(await readFile(join(dataDirectory, 'mcp.json'), 'utf8'))).toMatchObject({ version: 1 });
  });

  it('does not write over a file of a version that it does not know', async () => {
    const dataDirectory = await temporaryFolder();
    await writeFile(join(dataDirectory, 'mcp.json'), '{"version": 2}');
    await openMcpFile({ dataDirectory, clock });
    expect(await readFile(join(dataDirectory, 'mcp.damaged-1234.json'), 'utf8')).toBe('{"version": 2}');
  });

  it('keeps the former content when a change cannot be written', async () => {
    const file = await openMcpFile({ dataDirectory: '/dev/null/nowhere', clock });
    await expect(file.change((content) => ({ ...content, servers: [server] }))).rejects.toMatchObject({
      code: expect.stringMatching(/^mcp\.(?:not-written|file-unreadable)$/),
    });
    expect(file.content().servers).toEqual([]);
  });
});
