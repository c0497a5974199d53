import childProcess, { type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

/**
 * Runs `load` without the probe process in which node-llama-cpp 3.22 tries each prebuilt binary on Linux (bindings/utils/testBindingBinary.js,
 * it has no switch). In an Electron utility process the probe is a `child_process.fork`, which with the RunAsNode fuse off would start the
 * whole app a second time; and it costs 250 ms at each start. The language worker is itself the process that may die: the supervisor starts it
 * again, and `EngineTrust` then picks the plain path. To be removed when the library lets its caller decide.
 */
export async function withoutBinaryProbe<Value>(load: () => Promise<Value>): Promise<Value> {
  const original = childProcess.fork;
  const fork = (modulePath: string | URL, ...rest: unknown[]): ChildProcess =>
    basename(String(modulePath)).startsWith('testBindingBinary')
      ? (passedProbe() as unknown as ChildProcess)
      : Reflect.apply(original, childProcess, [modulePath, ...rest]);
  childProcess.fork = fork as typeof childProcess.fork;
  syncBuiltinESMExports();
  try {
    return await load();
  } finally {
    childProcess.fork = original;
    syncBuiltinESMExports();
  }
}

/** Answers as a probe does whose binary works. */
function passedProbe(): EventEmitter {
  const probe = Object.assign(new EventEmitter(), {
    exitCode: null as number | null,
    killed: false,
    stdout: null,
    stderr: null,
    kill: () => true,
    send: (message: { type: string }) => {
      const answer = { start: 'loaded', test: 'done' }[message.type];
      if (answer !== undefined) queueMicrotask(() => probe.emit('message', { type: answer }));
      if (message.type === 'exit') {
        probe.exitCode = 0;
        queueMicrotask(() => probe.emit('exit', 0));
      }
      return true;
    },
  });
  setImmediate(() => probe.emit('message', { type: 'ready' }));
  return probe;
}
