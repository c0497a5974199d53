import type { MemoryPlan, ModelJob, ModelView } from '../../../src-preload/contract/index.ts';

/** What the models in use take, by job, largest first; together at most the plan's total. */
export function memoryShares(plan: MemoryPlan, models: readonly ModelView[]): { job: ModelJob; bytes: number }[] {
  const byJob = new Map<ModelJob, number>();
  for (const model of models) {
    if (model.status.status === 'installed' && model.status.inUse) byJob.set(model.job, (byJob.get(model.job) ?? 0) + model.memoryBytes);
  }
  const shares = [...byJob].map(([job, bytes]) => ({ job, bytes })).sort((a, b) => b.bytes - a.bytes);
  const sum = shares.reduce((total, share) => total + share.bytes, 0);
  const scale = sum > plan.totalBytes && sum > 0 ? plan.totalBytes / sum : 1;
  return shares.map((share) => ({ ...share, bytes: share.bytes * scale }));
}
