export * from './audit-handlers.ts';
export * from './audit-log.ts';
export * from './event-loop-delay.ts';
export * from './logger.ts';
export * from './metrics.ts';
