/** Reads the size out of a model's name such as "qwen3:0.6b", "SmolLM2-135M-Instruct" or "Qwen3.5-35B-A3B"; undefined when it does not say. */
export function parameterCountOf(modelName: string): number | undefined {
  const sizes = [...modelName.matchAll(/(?<![\w.])(\d+(?:\.\d+)?)\s?([bm])(?![a-z\d])/gi)].map(
    ([, digits, unit]) => Number(digits) * (unit?.toLowerCase() === 'b' ? 1e9 : 1e6),
  );
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
