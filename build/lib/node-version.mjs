// @ts-check

/*
 * Imported first by every script: says so in one sentence when this Node is too old, before anything newer is touched. Must itself run anywhere.
 */

/** Oldest Node for the scripts, as in package.json. */
export const OLDEST_NODE = [20, 19];

/** @param {string} version */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

if (!isNodeNewEnough(process.versions.node)) {
  console.error(
    `OpenClaw Desktop needs Node ${OLDEST_NODE.join('.')} or newer to set itself up, and this is ${process.versions.node}: install a newer Node and run it again.`,
  );
  process.exit(1);
}
