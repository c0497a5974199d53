export type { Fit } from './memory-plan.ts';
export { memoryGuard, modelsSettings } from './models-config.ts';
export { createModelsHandlers } from './models-handlers.ts';
export type { ModelsHandlers, ModelsHandlersDeps } from './models-handlers.ts';
export { createModelsService } from './models-service.ts';
export type { LanguageModelFile } from './model-library.ts';
export type { ModelsChange, ModelsService, ModelsServiceDeps } from './models-service.ts';
