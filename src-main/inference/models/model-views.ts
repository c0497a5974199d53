import type { Hardware, MemoryPlan, ModelStatus, ModelView } from '../../../src-preload/contract/index.ts';
import { toErrorData } from '../../base/errors.ts';
import { keptBytes } from './install-model.ts';
import type { InstallEnvironment } from './install-model.ts';
import { sizeOf } from './manifest.ts';
import { judgeFit, planMemory, recommendedModels } from './memory-plan.ts';
import { lookAt } from './model-catalogue.ts';
import type { KnownModel } from './model-catalogue.ts';
import { idsInUse } from './model-choice.ts';
import type { ModelLibrary } from './model-library.ts';

/** The rows of the Models page. `running` knows the models that are being downloaded; for all others the disk is looked at. */
export async function readViews(
  library: ModelLibrary,
  hardware: Hardware,
  running: (modelId: string) => ModelStatus | undefined,
  environment: InstallEnvironment,
): Promise<ModelView[]> {
  const [models, choice] = await Promise.all([library.all(), library.choice()]);
  const used = idsInUse(choice);
  const plan = planMemory(hardware);
  return Promise.all(
    models.map(async (known) => {
      const status = running(known.model.id) ?? (await statusOnDisk(known, used.has(known.model.id), environment));
      return viewOf(known, status, judgeFit(known.model, hardware, plan));
    }),
  );
}

/** The memory plan with what is in use now and what to recommend to somebody who speaks `languages`. */
export async function readPlan(
  library: ModelLibrary,
  hardware: Hardware,
  languages: readonly string[],
  platform: string,
): Promise<MemoryPlan> {
  const [models, choice] = await Promise.all([library.all(), library.choice()]);
  const used = idsInUse(choice);
  const plan = planMemory(hardware);
  const onDevice = models.filter(({ model }) => used.has(model.id) && (plan.device === 'cpu' || plan.budget[model.job] !== undefined));
  const entries = models.map(({ model }) => model);
  return {
    ...plan,
    recommendedPack: recommendedModels(plan.tier, languages, entries, platform).map(({ id }) => id),
    usedBytes: onDevice.reduce((sum, { model }) => sum + model.memoryBytes, 0),
  };
}

async function statusOnDisk(known: KnownModel, isUsed: boolean, environment: InstallEnvironment): Promise<ModelStatus> {
  const presence = await lookAt(known);
  switch (presence.state) {
    case 'installed':
      return { status: 'installed', sizeBytes: presence.sizeBytes, inUse: isUsed };
    case 'damaged':
      return { status: 'failed', ...toErrorData(presence.error), receivedBytes: 0 };
    case 'absent': {
      const receivedBytes = await keptBytes(known.model.id, environment);
      return receivedBytes > 0 ? { status: 'paused', receivedBytes, totalBytes: sizeOf(known.files) } : { status: 'absent' };
    }
  }
}

function viewOf(known: KnownModel, status: ModelStatus, fit: ModelView['fit']): ModelView {
  const { id, name, job, engine, languages, memoryBytes, licence, licenceUrl, packs, verification } = known.model;
  const view = { id, name, job, engine, languages, memoryBytes, licence, packs, verification, fit, status };
  return { ...view, ...(licenceUrl === undefined ? {} : { licenceUrl }), sizeBytes: sizeOf(known.files), origin: known.origin };
}
