export * from './contract-host.ts';
export * from './contract-host-service.ts';
export * from './page-hub.ts';
