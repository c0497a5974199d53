// @ts-check
import { runCommand } from './commands.mjs';
import { SetupError } from './setup-error.mjs';

/*
 * Node's fetch takes no notice of HTTPS_PROXY unless NODE_USE_ENV_PROXY tells it to, and it must be told before it starts. Set-up itself may run on
 * a Node 20, which cannot be told at all. So behind a proxy a download is made by a second process, on the Node 24 that npm has brought.
 */

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** Makes a Node 24 go through the owner's proxy; empty where none is set. @param {NodeJS.ProcessEnv} [variables] @returns {NodeJS.ProcessEnv} */
export const proxyEnvironment = (variables = process.env) =>
  PROXY_VARIABLES.some((name) => variables[name]) ? { NODE_USE_ENV_PROXY: '1' } : {};

/** What the second process runs: each line that it writes is one JSON object. */
const SCRIPT = `
  import { download } from ${JSON.stringify(new URL('download.mjs', import.meta.url).href)};
  const tell = (event) => console.log(JSON.stringify(event));
  try {
    await download({ ...JSON.parse(process.argv[1]), onProgress: (done, total) => tell({ done, total }) });
  } catch (error) {
    tell({ code: error.code, message: error.message });
    process.exitCode = 1;
  }
`;

/**
 * `download` through the proxy that `variables` name, with its errors. `node` is a Node 24.
 * @param {{ url: string, file: string, sha256: string, what: string, connectTimeoutMs: number }} options
 * @param {{ node: string, variables: NodeJS.ProcessEnv, onProgress: (doneBytes: number, totalBytes: number) => void }} how
 */
export async function downloadThroughProxy(options, { node, variables, onProgress }) {
  /** @type {SetupError | undefined} */
  let problem;
  const { code, tail } = await runCommand(node, ['--input-type=module', '--eval', SCRIPT, JSON.stringify(options)], {
    env: { ...variables, ...proxyEnvironment(variables) },
    onLine: (line) => {
      if (!line.startsWith('{')) return;
      const event = JSON.parse(line);
      if (event.done !== undefined) onProgress(event.done, event.total ?? Number.NaN);
      else problem = new SetupError(event.code ?? 'download.failed', event.message);
    },
  });
  if (problem) throw problem;
  if (code !== 0)
    throw new SetupError('download.failed', `The download of ${options.what} ended with code ${code}: run npm run doctor.\n${tail}`);
}
