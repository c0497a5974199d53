import { serveWorker } from '../../platform/workers/index.ts';
import type { LanguageMethods } from '../contracts/index.ts';
import { createLlamaEngine } from './llama-engine.ts';

/** Process entry of the language worker: node-llama-cpp, where a crash takes nothing along. */
const engine = createLlamaEngine();

serveWorker<LanguageMethods>({
  // Behind the voice: what it writes is spoken later than what is being spoken.
  niceness: 7,
  methods: {
    load: (parameters) => engine.load(parameters),
    countTokens: ({ texts }) => engine.countTokens(texts),
    preload: ({ messages, tools }, { signal }) => engine.preload(messages, tools, signal),
    generate: (parameters, { signal, chunk }) => engine.generate(parameters, signal, chunk),
  },
  onShutdown: () => engine.dispose(),
});
