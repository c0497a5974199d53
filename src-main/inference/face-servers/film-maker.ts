import type { Clock } from '../../base/clock.ts';
import type { Config } from '../../platform/config/index.ts';
import { createFaceServer, type FaceServer } from './face-server.ts';
import { faceServerAddress } from './face-server-address.ts';
import { filmServerRemote, filmServerUrl } from './face-servers-config.ts';

/** The face server of the settings, which are looked at anew each time. Also rejects with `film.bad-address` and `film.remote`. */
export function createFilmMaker(deps: { config: Pick<Config, 'get'>; token: () => string | undefined; clock: Clock }): FaceServer {
  const { config, clock } = deps;
  return {
    async render(order, options) {
      const address = faceServerAddress(config.get(filmServerUrl), { remoteAllowed: config.get(filmServerRemote) });
      return createFaceServer({ address, token: deps.token(), clock }).render(order, options);
    },
  };
}
