export * from './config-handlers.ts';
export * from './config-service.ts';
export * from './config.ts';
export * from './environment.ts';
export * from './platform-settings.ts';
export * from './owner-file.ts';
