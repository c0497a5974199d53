/**
 * Threads for the language model. llama.cpp's threads wait by spinning, so one that another engine keeps from running stalls all: measured on two
 * cores, two threads write 60-80 tokens/s on an idle machine and 2-10 beside one busy thread, one thread 90 and 45. Hence half of the logical
 * cores, which are the real ones on most machines, and never more than gain anything.
 */
export function engineThreads(cores: number): number {
  return Math.min(8, Math.max(1, Math.floor(cores / 2)));
}
