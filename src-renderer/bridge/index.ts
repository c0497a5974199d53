export { CallError, errorDataOf } from './call-error.ts';
export { createBridge } from './create-bridge.ts';
export { uploadFile } from './upload.ts';
