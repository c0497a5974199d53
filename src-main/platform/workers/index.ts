export * from './audio-port.ts';
export * from './entries.ts';
export * from './idle-stop.ts';
export * from './supervisor.ts';
export * from './worker-host.ts';
export * from './worker-link.ts';
export * from './workers.ts';
