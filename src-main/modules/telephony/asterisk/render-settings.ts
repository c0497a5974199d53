import { isIP } from 'node:net';
import type { ExchangeSettings } from '../telephony.ts';

/** What the files are made from, with what the exchange adds by itself. */
export interface RenderSettings extends ExchangeSettings {
  /** Where trunks outside of this machine answer us, while phones are served on loopback only; TLS is the port after it. */
  trunkPort: number;
  /** PEM texts for SIP over TLS and for WebSockets over TLS. */
  certificates?: { certificate: string; key: string; httpsPort: number };
}

/** The Stasis application that every call enters, which is also the name of our user of ARI. */
export const ARI_APPLICATION = 'openclaw';
export const ARI_USER = 'openclaw';
export const SOFTPHONE = '1000';
/** Name of the client in websocket_client.conf: `external_host` of `externalMedia`. */
export const MEDIA_CLIENT = 'media';

/** Endpoint of a trunk: `PJSIP/<number>@trunk-sipgate`. */
export const trunkEndpoint = (trunkId: string): string => `trunk-${trunkId}`;

/** Whether a host is this very machine, so that nothing of it must be reachable from outside. */
export const isLoopback = (host: string): boolean => /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/i.test(host);

export const enabledTrunks = ({ trunks }: RenderSettings): RenderSettings['trunks'] => trunks.filter(({ enabled }) => enabled);

/** Trunks that are known by the addresses of a name, which Asterisk looks up when it reads its files. */
export const trunksByName = (settings: RenderSettings): RenderSettings['trunks'] =>
  enabledTrunks(settings).filter(({ registers, host }) => !registers && isIP(host) === 0);
