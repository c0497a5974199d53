import { z } from 'zod';

/** The part of a Piper voice's `.onnx.json` that is used. */
export const piperConfigSchema = z.object({
  audio: z.object({ sample_rate: z.number().int().min(8000).max(48_000) }),
  /** Absent in voices that take letters instead of phonemes. */
  espeak: z.object({ voice: z.string() }).optional(),
  phoneme_type: z.string().default('espeak'),
  inference: z.object({ noise_scale: z.number(), length_scale: z.number().positive(), noise_w: z.number() }),
  phoneme_id_map: z.record(z.string(), z.array(z.number().int().nonnegative())),
});
export type PiperConfig = z.infer<typeof piperConfigSchema>;

/** Ids of the signs that frame and space out a sentence. */
export interface FrameIds {
  begin: readonly number[];
  pad: readonly number[];
  end: readonly number[];
}

export function frameIds(config: PiperConfig): FrameIds {
  const ids = (symbol: string): readonly number[] => config.phoneme_id_map[symbol] ?? [];
  return { begin: ids('^'), pad: ids('_'), end: ids('$') };
}
