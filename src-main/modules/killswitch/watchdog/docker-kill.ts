import { request } from 'node:http';

/** Where the engine listens and how our containers are marked; told by the app. */
export interface DockerTarget {
  socketPath: string;
  /** `name` or `name=value`. */
  label: string;
}

const REQUEST_LIMIT_MS = 3_000;

/** Kills every container that carries the label, and those that are named. Never rejects; resolves with the ids that the engine said yes to. */
export async function killContainers({ socketPath, label }: DockerTarget, ids: readonly string[]): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const known = ids.map((id) => kill(socketPath, id));
  const listed = parseIds(await ask(socketPath, 'GET', `/containers/json?filters=${filters}`));
  const killed = await Promise.all([...known, ...listed.filter((id) => !ids.includes(id)).map((id) => kill(socketPath, id))]);
  return killed.filter((id) => id !== undefined);
}

async function kill(socketPath: string, id: string): Promise<string | undefined> {
  const answer = await ask(socketPath, 'POST', `/containers/${encodeURIComponent(id)}/kill`);
  return answer?.status === 204 ? id : undefined;
}

interface Answer {
  status: number;
  text: string;
}

function ask(socketPath: string, method: 'GET' | 'POST', path: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path, timeout: REQUEST_LIMIT_MS, headers: { host: 'docker' } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', () => resolve(undefined));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

function parseIds(answer: Answer | undefined): string[] {
  try {
    const list: unknown = JSON.parse(answer?.text ?? '[]');
    return Array.isArray(list) ? list.flatMap((each: { Id?: unknown }) => (typeof each.Id === 'string' ? [each.Id] : [])) : [];
  } catch {
    return [];
  }
}
