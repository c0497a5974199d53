export { judgeCommand } from './judge-command.ts';
export type * from './command-verdict.ts';
