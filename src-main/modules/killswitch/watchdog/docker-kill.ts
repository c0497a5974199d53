import { request } from 'node:http';

/** Where the engine listens and how our containers are marked; told by the app. */
export interface DockerTarget {
  socketPath: string;
  /** `name` or `name=value`. */
  label: string;
}

const REQUEST_LIMIT_MS = 3_000;

/** Whose containers a kill is for. */
export interface ContainersOfStop {
  /** Killed whatever the engine says of them. */
  ids: readonly string[];
  /** Calendar time of the stop, ms. */
  stoppedAtMs: number;
  /** The stop still holds: nothing may run, also nothing newer. */
  isHeld: () => boolean;
}

/**
 * Kills every container that carries the label, and those that are named. An engine that answers late may list what was started after the lift: that is left
 * alone. Never rejects; resolves with the ids that the engine said yes to.
 */
export async function killContainers(
  { socketPath, label }: DockerTarget,
  { ids, stoppedAtMs, isHeld }: ContainersOfStop,
): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const known = ids.map((id) => kill(socketPath, id));
  const listed = parseList(await ask(socketPath, 'GET', `/containers/json?filters=${filters}`));
  const others = listed.filter(({ id, createdAtMs }) => !ids.includes(id) && (createdAtMs <= stoppedAtMs || isHeld()));
  const killed = await Promise.all([...known, ...others.map(({ id }) => kill(socketPath, id))]);
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

/** The engine counts in whole seconds, so that one of the stop's own second counts as older. One without a time does, too. */
function parseList(answer: Answer | undefined): { id: string; createdAtMs: number }[] {
  try {
    const list: unknown = JSON.parse(answer?.text ?? '[]');
    return Array.isArray(list)
      ? list.flatMap(({ Id, Created }: { Id?: unknown; Created?: unknown }) =>
          typeof Id === 'string' ? [{ id: Id, createdAtMs: typeof Created === 'number' ? Created * 1000 : 0 }] : [],
        )
      : [];
  } catch {
    return [];
  }
}
