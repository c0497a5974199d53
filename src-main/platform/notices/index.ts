export * from './notice-board.ts';
