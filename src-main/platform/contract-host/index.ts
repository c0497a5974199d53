export * from './contract-host.ts';
export * from './contract-host-service.ts';
export * from './page-hub.ts';
export { createDownloads, type Downloads } from './downloads.ts';
export { createPageResources, jsonAnswer, type PageResources, type ResourceAnswer, type ResourceHandler } from './page-resources.ts';
export { createUploads, type Uploads } from './uploads.ts';
