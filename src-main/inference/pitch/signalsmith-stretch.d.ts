/** The package is JavaScript for a page: its module registers an AudioWorkletProcessor where one can be registered. See stretch-library.ts. */
declare module 'signalsmith-stretch' {
  const createNode: unknown;
  export default createNode;
}
