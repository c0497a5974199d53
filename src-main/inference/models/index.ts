export { modelsSettings } from './models-config.ts';
export { createModelsHandlers } from './models-handlers.ts';
export type { LanguageModelFile } from './model-library.ts';
export { createModelsService } from './models-service.ts';
export type { ModelsChange, ModelsService } from './models-service.ts';
