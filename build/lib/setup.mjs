// @ts-check
import { testScreen, windowLibraries } from './system-packages.mjs';
import { withLock } from './lock.mjs';
import { hasVirtualScreen, readPaths } from './paths.mjs';
import { createReport } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { removeStamp, stampHolds, stampKey, writeStamp } from './stamp.mjs';
import { appStep } from './step-app.mjs';
import { dockerStep } from './step-docker.mjs';
import { phonesStep } from './step-phones.mjs';
import { electronStep } from './step-electron.mjs';
import { modelsStep } from './step-models.mjs';
import { packagesStep } from './step-packages.mjs';
import { sqliteStep } from './step-sqlite.mjs';
import { systemStep } from './step-system.mjs';

/**
 * One thing that must be there. `check` says what would have to be done (undefined = nothing), `run` does it, `proof` names files whose
 * presence in today's size means that it is still done.
 * @typedef {object} Step
 * @property {string} id
 * @property {string} title
 * @property {() => Promise<import('./report.mjs').Todo | undefined>} check
 * @property {(progress: import('./report.mjs').Progress) => Promise<void>} run
 * @property {() => Promise<string[]>} proof
 */

/**
 * What set-up is for: the window; the same core without a window; everything that tests use.
 * @typedef {'window' | 'headless' | 'tests'} Goal
 */

/**
 * @typedef {object} Outcome
 * @property {boolean} ready Everything that the goal cannot do without is there.
 * @property {SetupError[]} problems What was not achieved, worst first.
 */

/** Steps without which a goal makes no sense; the others are reported, and the program goes on without them. @type {Record<Goal, Set<string>>} */
const REQUIRED = {
  window: new Set(['packages', 'app']),
  headless: new Set(['packages', 'app']),
  tests: new Set(['packages', 'system', 'electron', 'sqlite', 'models', 'app']),
};

/**
 * Brings the checkout to where the goal can be started. Says nothing when there is nothing to do.
 * @param {{ goal: Goal, only?: readonly string[], retryElectron?: boolean, paths?: import('./paths.mjs').Paths,
 *   report?: import('./report.mjs').Report, steps?: readonly Step[] }} options `only` limits it to some step ids; `retryElectron` tries to
 *   replace the registry's Electron by the one for daily use; `steps` is for tests.
 * @returns {Promise<Outcome>}
 */
export async function setUp({
  goal,
  only,
  retryElectron = false,
  paths = readPaths(),
  report = createReport(),
  steps = stepsFor(goal, paths, report.line, retryElectron),
}) {
  const key = stampKey(paths, goal);
  if (only === undefined && !retryElectron && stampHolds(paths, goal, key)) return { ready: true, problems: [] };
  const chosen = steps.filter((step) => only === undefined || only.includes(step.id));
  if (only === undefined) removeStamp(paths, goal);
  return withLock(
    paths.cache,
    (file) => report.line(`Another set-up is at work (${file}); this one goes on when it is done, or half a minute after it has died.`),
    () => runSteps(goal, chosen, only === undefined, paths, report),
  );
}

/**
 * @param {Goal} goal
 * @param {readonly Step[]} chosen
 * @param {boolean} complete All steps of the goal, so that the outcome may be remembered.
 * @param {import('./paths.mjs').Paths} paths
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<Outcome>}
 */
async function runSteps(goal, chosen, complete, paths, report) {
  const planned = await plan(chosen);
  if (planned.size > 0) report.plan(chosen.flatMap((step) => planned.get(step.id) ?? []));
  /** @type {SetupError[]} */
  const problems = [];
  for (const step of chosen) {
    // Asked again: an earlier step may have done it, or may have made it necessary.
    if ((await step.check()) === undefined) continue;
    const shown = report.step(step.title, planned.has(step.id));
    try {
      await step.run(shown.progress);
      shown.done();
    } catch (error) {
      const problem = error instanceof SetupError ? error : unexpected(step, error);
      shown.failed(problem.message);
      problems.push(problem);
      if (REQUIRED[goal].has(step.id)) return { ready: false, problems };
    }
  }
  if (problems.length === 0 && complete)
    writeStamp(paths, goal, stampKey(paths, goal), (await Promise.all(chosen.map((step) => step.proof()))).flat());
  return { ready: true, problems };
}

/** @param {readonly Step[]} steps */
async function plan(steps) {
  /** @type {Map<string, { title: string, todo: import('./report.mjs').Todo }>} */
  const planned = new Map();
  for (const step of steps) {
    const todo = await step.check();
    if (todo !== undefined) planned.set(step.id, { title: step.title, todo });
  }
  return planned;
}

/**
 * @param {Goal} goal
 * @param {import('./paths.mjs').Paths} paths
 * @param {(sentence: string) => void} say
 * @param {boolean} retryElectron
 * @returns {Step[]}
 */
function stepsFor(goal, paths, say, retryElectron) {
  const window = [
    systemStep([...windowLibraries, ...(goal === 'tests' && hasVirtualScreen() ? testScreen : [])]),
    electronStep(paths, say, { retry: retryElectron }),
    sqliteStep(paths),
  ];
  return [
    packagesStep(paths),
    ...(goal === 'headless' ? [] : window),
    ...(goal === 'tests' ? [dockerStep(), phonesStep()] : []),
    modelsStep(paths),
    appStep(paths),
  ];
}

/** @param {Step} step @param {unknown} error */
function unexpected(step, error) {
  const message = error instanceof Error ? error.message : String(error);
  return new SetupError(
    'setup.unexpected',
    `${step.title} failed in a way that set-up does not know (${message}): run it again, then npm run doctor.`,
    { cause: error },
  );
}
