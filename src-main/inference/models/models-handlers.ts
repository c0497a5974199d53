import { AppError } from '../../base/errors.ts';
import type { LanguageBackend } from '../../../src-preload/contract/index.ts';
import type { HandlersFor } from '../../platform/contract-host/contract-host.ts';
import type { ModelsService } from './models-service.ts';

/** The calls of the Models page, apart from those about servers (`models.setBackend`, `models.testBackend`), which belong to inference/language. */
export type ModelsHandlers = HandlersFor<
  'models.list' | 'models.download' | 'models.pause' | 'models.cancel' | 'models.delete' | 'models.use' | 'models.import'
>;

export interface ModelsHandlersDeps {
  service: ModelsService;
  modelsDirectory: string;
  /** Where answers come from now. */
  backend: () => LanguageBackend;
  /** Languages the owner speaks or reads, for the recommendation. */
  languages: () => readonly string[];
  /** Asks with a file dialog; undefined = the owner closed it. Absent where there is no desktop: then the page must send a path. */
  chooseFile?: (job: 'language' | 'synthesis') => Promise<string | undefined>;
}

export function createModelsHandlers(deps: ModelsHandlersDeps): ModelsHandlers {
  const { service } = deps;
  return {
    'models.list': async () => {
      const [models, hardware, plan] = await Promise.all([service.list(), service.hardware(), service.plan(deps.languages())]);
      return { models, hardware, plan, backend: deps.backend(), modelsDirectory: deps.modelsDirectory };
    },
    'models.download': ({ modelId }) => service.download(modelId),
    'models.pause': ({ modelId }) => service.pause(modelId),
    'models.cancel': ({ modelId }) => service.cancel(modelId),
    'models.delete': ({ modelId }) => service.delete(modelId),
    'models.use': ({ modelId }) => service.use(modelId),
    'models.import': async ({ path, job }) => {
      const chosen = path ?? (await pickFile(deps, job));
      // Language models are large: they stay where they are. A voice is small and keeps working when its folder is tidied up.
      return chosen === undefined
        ? null
        : { modelId: await service.importModel({ path: chosen, job, mode: job === 'language' ? 'reference' : 'copy' }) };
    },
  };
}

async function pickFile(deps: ModelsHandlersDeps, job: 'language' | 'synthesis'): Promise<string | undefined> {
  if (!deps.chooseFile)
    throw new AppError(
      'model.path-needed',
      'Type the full path of the file: a page in a browser cannot show a file dialog of this computer.',
    );
  return deps.chooseFile(job);
}
