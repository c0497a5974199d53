import { randomBytes } from 'node:crypto';
import {
  auth,
  extractWWWAuthenticateParams,
  UnauthorizedError,
  type AuthProvider,
  type FetchLike,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { openLoopbackRedirect, type LoopbackRedirect } from './loopback-redirect.ts';

/** What is kept of a sign-in, sealed. */
interface Stored {
  tokens?: StoredOAuthTokens | undefined;
  client?: StoredOAuthClientInformation | undefined;
  /** A client is registered for one address of return. */
  redirectUrl?: string | undefined;
}

export interface OAuthDeps {
  serverUrl: URL;
  /** One sealed text; an empty one takes it away. */
  secret: { read(): string | undefined; write(value: string): Promise<void> };
  fetch: FetchLike;
  /** Opens a page in the owner's browser. */
  openLink: (url: string) => Promise<void>;
  clock: Clock;
  log: Log;
}

/** OAuth 2.1 with one server: authorization code with PKCE, by the owner's browser and an address of return on this machine. */
export interface OAuth {
  /** For a connection: uses and refreshes what there is; never opens a browser, rejects with the SDK's `UnauthorizedError` where one is needed. */
  readonly provider: AuthProvider;
  /** Opens the browser; resolves when it is open. `done` is called when the owner has come back, with an error when it did not work. */
  signIn(done: (error?: unknown) => void): Promise<void>;
  forget(): Promise<void>;
  dispose(): void;
}

const SIGN_IN_LIMIT_MS = 10 * 60_000;

export function createOAuth(deps: OAuthDeps): OAuth {
  const { serverUrl, secret, fetch: fetchFn } = deps;
  /** What the server said when it last turned us away. */
  let challenge: { resourceMetadataUrl?: URL; scope?: string } = {};
  let redirect: LoopbackRedirect | undefined;

  const read = (): Stored => {
    try {
      return JSON.parse(secret.read() ?? '{}') as Stored;
    } catch {
      return {};
    }
  };
  const save = (change: Stored): Promise<void> => secret.write(JSON.stringify({ ...read(), ...change }));
  const attempt = createProvider({ read, save, redirectUrl: () => redirect?.url, openLink: deps.openLink });
  const silent = createProvider({ read, save, redirectUrl: () => read().redirectUrl, openLink: () => Promise.resolve() });

  const closeRedirect = (): void => {
    redirect?.dispose();
    redirect = undefined;
  };

  return {
    provider: {
      token: () => Promise.resolve(read().tokens?.access_token),
      async onUnauthorized({ response }) {
        challenge = extractWWWAuthenticateParams(response);
        // Without a token to refresh there is nothing to try; asking would register us anew each time.
        if (read().tokens?.refresh_token === undefined) throw new UnauthorizedError('sign-in needed');
        const result = await auth(silent, { serverUrl, fetchFn, ...challenge });
        if (result !== 'AUTHORIZED') throw new UnauthorizedError('sign-in needed');
      },
    },
    async signIn(done) {
      closeRedirect();
      const opened = await openLoopbackRedirect();
      redirect = opened;
      const timer = deps.clock.after(SIGN_IN_LIMIT_MS, () => opened.dispose());
      try {
        // Its port is another each time, and servers compare the whole address: registered anew with each sign-in.
        await save({ client: undefined, tokens: undefined, redirectUrl: opened.url });
        const result = await auth(attempt, { serverUrl, fetchFn, ...challenge, forceReauthorization: true });
        if (result === 'AUTHORIZED') {
          closeRedirect();
          done();
          return;
        }
      } catch (error) {
        timer.cancel();
        closeRedirect();
        throw error;
      }
      void opened
        .answer(attempt.currentState())
        .then(async ({ code, issuer }) => {
          const { resourceMetadataUrl } = challenge;
          await auth(attempt, {
            serverUrl,
            fetchFn,
            authorizationCode: code,
            ...(issuer === undefined ? {} : { iss: issuer }),
            ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
          });
        })
        .then(
          () => {
            opened.finish(true);
            done();
          },
          (error: unknown) => {
            opened.finish(false);
            deps.log.warn('mcp.sign-in-failed', { error });
            done(error);
          },
        )
        .finally(() => {
          timer.cancel();
          if (redirect === opened) redirect = undefined;
        });
    },
    forget: () => secret.write(''),
    dispose: closeRedirect,
  };
}

interface ProviderDeps {
  read: () => Stored;
  save: (change: Stored) => Promise<void>;
  redirectUrl: () => string | undefined;
  openLink: (url: string) => Promise<void>;
}

function createProvider({ read, save, redirectUrl, openLink }: ProviderDeps): OAuthClientProvider & { currentState(): string } {
  let state = '';
  let verifier = '';
  let discovery: OAuthDiscoveryState | undefined;
  return {
    get redirectUrl() {
      return redirectUrl() ?? 'http://127.0.0.1/callback';
    },
    get clientMetadata() {
      return {
        client_name: 'OpenClaw Desktop',
        redirect_uris: [redirectUrl() ?? 'http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      };
    },
    currentState: () => state,
    state() {
      state = randomBytes(32).toString('base64url');
      return state;
    },
    clientInformation: () => read().client,
    saveClientInformation: (client) => save({ client }),
    tokens: () => read().tokens,
    saveTokens: (tokens) => save({ tokens }),
    async redirectToAuthorization(url) {
      // A server may name any address here, and what is opened in the owner's name is a page, never a program.
      const isPage = url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname));
      if (!isPage) throw new TypeError(`its sign-in page (${url.protocol}//${url.host}) is not secure`);
      await openLink(url.href);
    },
    saveCodeVerifier(value) {
      verifier = value;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState(value) {
      discovery = value;
    },
    discoveryState: () => discovery,
    async invalidateCredentials(scope) {
      if (scope === 'all' || scope === 'client') await save({ client: undefined });
      if (scope === 'all' || scope === 'tokens') await save({ tokens: undefined });
      if (scope === 'all' || scope === 'verifier') verifier = '';
      if (scope === 'all' || scope === 'discovery') discovery = undefined;
    },
  };
}
