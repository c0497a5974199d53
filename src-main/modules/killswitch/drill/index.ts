/* A second door, for the entry of the drill and the bench only: the app itself does not load what is behind it. */
export { runDrillCore } from './drill-core.ts';
export { writeDrill, type DrillMeasurement } from './drill-files.ts';
export { fullPlan, monthlyPlan, report } from './drill-plan.ts';
export { LATENCY_LIMIT_MS, openDrillSession } from './drill-session.ts';
export type { CoreOptions as DrillCoreOptions, DrillContainers } from './drill-protocol.ts';
