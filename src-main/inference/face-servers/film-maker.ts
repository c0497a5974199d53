import type { Clock } from '../../base/clock.ts';
import type { Config } from '../../platform/config/index.ts';
import { createFaceServer, type FaceServer } from './face-server.ts';
import { faceServerAddress } from './face-server-address.ts';
import { filmServerRemote, filmServerUrl } from './face-servers-config.ts';

/** The face server of the settings, which are looked at anew each time. Also rejects with `film.bad-address` and `film.remote`, and with the reason of `shut`. */
export function createFilmMaker(deps: {
  config: Pick<Config, 'get'>;
  token: () => string | undefined;
  /** Aborted, with its reason, while nothing may reach out; asked anew for each film. */
  shut: () => AbortSignal;
  clock: Clock;
}): FaceServer {
  const { config, clock } = deps;
  return {
    async render(order, options = {}) {
      const shut = deps.shut();
      const signal = options.signal ? AbortSignal.any([options.signal, shut]) : shut;
      const address = faceServerAddress(config.get(filmServerUrl), { remoteAllowed: config.get(filmServerRemote) });
      return createFaceServer({ address, token: deps.token(), clock }).render(order, { ...options, signal });
    },
  };
}
