export { CallError, errorDataOf } from './call-error.ts';
export { createBridge } from './create-bridge.ts';
export { socketUrl } from './socket-url.ts';
export { uploadFile } from './upload.ts';
