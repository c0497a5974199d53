export * from './create-redactor.ts';
export * from './redaction-config.ts';
export type * from './redactor.ts';
