export * from './history-store.ts';
export type { LatchEvent, LatchRecords, LatchRow } from './latch-records.ts';
export * from './phone-records.ts';
export * from './store.ts';
export * from './tool-records.ts';
