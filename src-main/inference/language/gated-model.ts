import type { LanguageModel } from '../contracts/index.ts';

/** The part of the kill switch's gate that a language model passes. */
export interface InferenceGate {
  isOpen(effect: 'inference'): boolean;
  /** Throws while it is shut. */
  pass(effect: 'inference'): void;
  /** Aborted, with the reason, while it is shut. */
  signal(effect: 'inference'): AbortSignal;
}

/** The model behind the gate: nothing reaches it while that is shut, and what runs is aborted the moment it shuts; `generate` then rejects with the gate's error. */
export function createGatedModel(model: LanguageModel, gate: InferenceGate): LanguageModel {
  return {
    get name() {
      return model.name;
    },
    get contextTokens() {
      return model.contextTokens;
    },
    get parameterCount() {
      return model.parameterCount;
    },
    get usesTools() {
      return model.usesTools;
    },
    get languages() {
      return model.languages;
    },
    async countTokens(texts) {
      // Counting would start the worker again.
      gate.pass('inference');
      return model.countTokens(texts);
    },
    async preload(messages, signal, tools) {
      if (!gate.isOpen('inference')) return;
      const shut = gate.signal('inference');
      await model.preload(messages, signal ? AbortSignal.any([signal, shut]) : shut, tools);
    },
    async generate(messages, options) {
      gate.pass('inference');
      const shut = gate.signal('inference');
      const result = await model.generate(messages, {
        ...options,
        signal: options.signal ? AbortSignal.any([options.signal, shut]) : shut,
      });
      if (shut.aborted && options.signal?.aborted !== true) throw shut.reason;
      return result;
    },
    dispose: () => model.dispose(),
  };
}
