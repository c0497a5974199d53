import { expect } from 'vitest';

/** Looks again and again, as long as a busy machine may take. */
export const eventually = <Value>(look: () => Promise<Value>) => expect.poll(look, { timeout: 30_000 });
