import { createKillApi, type KillSwitchService } from '../modules/killswitch/index.ts';
import { createPageResources, type PageResources, type ResourceAnswer } from '../platform/contract-host/index.ts';
import { METRICS_CONTENT_TYPE } from '../platform/observability/index.ts';
import type { Platform } from './platform.ts';

/** What programs of the owner ask over HTTP: `/api/kill`, `/api/status`, `/metrics`. */
export function composeApi({
  platform,
  killSwitch,
}: {
  platform: Pick<Platform, 'metrics'>;
  killSwitch: KillSwitchService;
}): PageResources {
  const { metrics } = platform;
  return createPageResources({
    '/api': createKillApi(killSwitch),
    '/metrics': {
      method: 'GET',
      answer: async ({ pathname, isOwn }): Promise<ResourceAnswer | undefined> =>
        pathname === '/metrics' && isOwn
          ? { status: 200, contentType: METRICS_CONTENT_TYPE, cacheControl: 'no-store', body: Buffer.from(await metrics.render()) }
          : undefined,
    },
  });
}

/** The first that knows the path answers. */
export function joinResources(...all: readonly PageResources[]): PageResources {
  return async (request) => {
    for (const resources of all) {
      const answer = await resources(request);
      if (answer) return answer;
    }
    return undefined;
  };
}
