/** The same library in one file: the package's own entry is a thousand small ones and takes seven times as long to load. */
declare module 'mathjs/lib/browser/math.js' {
  const math: typeof import('mathjs');
  export default math;
}
