import type { McpDeps, Mcp } from './mcp.ts';
import type { AccessList } from './access.ts';
import type { McpServers } from './mcp-service.ts';

export function createMcpHandlers(parts: { servers: McpServers; access: AccessList; deps: McpDeps }): Mcp['handlers'] {
  const { servers, access, deps } = parts;
  return {
    'mcp.servers': () => servers.list(),
    'mcp.save': (draft) => servers.save(draft),
    'mcp.remove': ({ id }) => servers.remove(id),
    'mcp.setEnabled': ({ id, enabled }) => servers.setEnabled(id, enabled),
    'mcp.signIn': ({ id }) => servers.signIn(id),
    'mcp.decide': (input) => servers.decide(input),
    'mcp.access': () => access.list(),
    'mcp.createAccess': async ({ name, mayReadMessages }) => {
      const created = await access.create({ name, mayReadMessages: mayReadMessages === true });
      await deps.audit.record({
        action: 'mcp.access-create',
        subject: created.access.id,
        details: { name, mayReadMessages: mayReadMessages === true },
      });
      const door = await deps.doorUrl();
      return { ...created, url: door === null ? null : new URL('/mcp', door).href };
    },
    'mcp.revokeAccess': async ({ id }) => {
      await access.revoke(id);
      await deps.audit.record({ action: 'mcp.access-revoke', subject: id });
    },
  };
}
