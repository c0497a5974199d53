export * from './contract-host.ts';
