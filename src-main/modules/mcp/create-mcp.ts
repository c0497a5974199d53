import { createAccessList } from './access.ts';
import type { Mcp, McpDeps } from './mcp.ts';
import { openMcpFile } from './mcp-file.ts';
import { createMcpHandlers } from './mcp-handlers.ts';
import { createMcpServers } from './mcp-service.ts';
import type { OwnServerHttp } from './own-server-http.ts';

/** Reads mcp.json and joins the parts; nothing is connected before `begin`. Never rejects for what is in the file. */
export async function createMcp(deps: McpDeps): Promise<Mcp> {
  const file = await openMcpFile(deps);
  const servers = createMcpServers(deps, file);
  const access = createAccessList({ file, clock: deps.clock });
  let ownServer: Promise<OwnServerHttp> | undefined;
  /** Loaded when a program first asks. */
  const own = (): Promise<OwnServerHttp> => {
    ownServer ??= import('./own-server-http.ts').then(({ createOwnServerHttp }) =>
      createOwnServerHttp({ ...deps, identify: access.identify }),
    );
    return ownServer;
  };
  const leave = deps.killSwitch.register({ effect: 'tool', stop: () => Promise.resolve(servers.cutAll()) });
  return {
    handlers: createMcpHandlers({ servers, access, deps }),
    begin: () => servers.begin(),
    problem: () => file.problem(),
    serve: async (request) => (await own()).answer(request),
    async dispose() {
      leave();
      await servers.dispose();
      await (await ownServer)?.dispose();
      await file.settled();
    },
  };
}
