export * from './app-handlers.ts';
export * from './commands.ts';
export * from './control-socket.ts';
export * from './first-run.ts';
export * from './shell-config.ts';
export * from './shell.ts';
export * from './ui-locale.ts';
export * from './window-config.ts';
