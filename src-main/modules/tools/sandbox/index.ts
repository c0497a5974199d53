export { cleanOutput } from './output-cleaning.ts';
export { isPublicAddress } from './proxy/public-address.ts';
export { runSandboxCommand } from './sandbox-command.ts';
export { createSandboxHandlers } from './sandbox-handlers.ts';
export { createSandbox, TERMINAL_INSTANCE } from './sandbox-service.ts';
export type * from './sandbox.ts';
