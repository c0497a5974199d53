// @ts-check
import { findEngine, mayStartEngine } from './docker-engine.mjs';
import { installParts, mayInstall, missingParts, testEngine } from './system-packages.mjs';

/** docker.io, containerd and runc as apt fetches them. */
const ENGINE_BYTES = 75e6;

const lacking = async () =>
  mayInstall() && mayStartEngine() && (await findEngine())?.version === undefined ? missingParts(testEngine) : [];

/**
 * The Docker engine that tests of the sandbox start, where we may install and start one and none is there. Elsewhere nothing: those tests are
 * then skipped with their reason. Never for the window: its owner decides about Docker.
 * @returns {import('./setup.mjs').Step}
 */
export function dockerStep() {
  return {
    id: 'docker',
    title: 'Docker for tests',
    check: async () => ((await lacking()).length > 0 ? { bytes: ENGINE_BYTES, seconds: 20 } : undefined),
    run: async () => installParts(await lacking()),
    proof: async () => [],
  };
}
