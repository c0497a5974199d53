import type { SourceFile, SourceImport } from './source-files.ts';

/*
 * The architecture as a table. Each rule names the page that explains it; a violation names both. docs/house.md is the map.
 */

export interface Violation {
  rule: string;
  page: string;
  path: string;
  line: number;
  what: string;
}

export interface Rule {
  name: string;
  /** Where the reason is written. */
  page: string;
  /** Looks at all files at once; most rules look at one after the other. */
  find: (files: readonly SourceFile[]) => Omit<Violation, 'rule' | 'page'>[];
}

const HOUSE = 'docs/house.md, "Rules that a test enforces"';

/** From the bottom up: a layer imports itself and what lies below it. */
const LAYERS: readonly { name: string; owns: (path: string) => boolean }[] = [
  { name: 'contract', owns: (path) => path.startsWith('src-preload/contract/') },
  { name: 'base', owns: (path) => path.startsWith('src-main/base/') },
  { name: 'platform', owns: (path) => path.startsWith('src-main/platform/') },
  { name: 'inference', owns: (path) => path.startsWith('src-main/inference/') },
  { name: 'modules', owns: (path) => path.startsWith('src-main/modules/') },
  { name: 'compose', owns: (path) => /^src-main\/compose[\w.-]*\.ts$/.test(path) || path.startsWith('src-main/compose/') },
  { name: 'entries', owns: (path) => /^src-main\/[^/]+\.ts$/.test(path) },
];

const FILE_LINES = 500;
const FUNCTION_LINES = 80;

const layerOf = (path: string): number => LAYERS.findIndex((layer) => layer.owns(path));
const layerName = (index: number): string => LAYERS[index]?.name ?? 'outside';
const moduleOf = (path: string): string | undefined => /^src-main\/modules\/([^/]+)\//.exec(path)?.[1];
const inRenderer = (path: string): boolean => path.startsWith('src-renderer/');
const inContract = (path: string): boolean => path.startsWith('src-preload/contract/');
const isProduct = (path: string): boolean => path.startsWith('src-');
const isPreload = (path: string): boolean => path.startsWith('src-preload/') && !inContract(path);
/** Shipped pictures, which the bundler copies and turns into addresses. */
const isPicture = (path: string): boolean => path.startsWith('resources/characters/');
const isElectronFile = (path: string): boolean => path.endsWith('.electron.ts');
const hasName = (found: SourceImport, name: string): boolean => found.names.includes(name);

/** A rule about single imports: `why` returns what is wrong with one, or undefined. */
function importRule(
  name: string,
  page: string,
  why: (file: SourceFile, found: SourceImport, target: string | undefined) => string | undefined,
): Rule {
  return {
    name,
    page,
    find: (files) =>
      files.flatMap((file) =>
        file.imports.flatMap((found) => {
          const what = why(file, found, found.target);
          return what === undefined ? [] : [{ path: file.path, line: found.line, what }];
        }),
      ),
  };
}

/** A rule about single files. */
function fileRule(name: string, page: string, why: (file: SourceFile) => { line: number; what: string }[]): Rule {
  return { name, page, find: (files) => files.flatMap((file) => why(file).map((found) => ({ path: file.path, ...found }))) };
}

export const rules: readonly Rule[] = [
  importRule('layers downwards', HOUSE, ({ path }, _found, target) => {
    const from = layerOf(path);
    const to = target === undefined ? -1 : layerOf(target);
    return from >= 0 && to > from ? `${layerName(from)} imports ${layerName(to)} (${target})` : undefined;
  }),

  importRule('module doors', HOUSE, ({ path }, _found, target) => {
    const other = target === undefined ? undefined : moduleOf(target);
    const inside = other === undefined || other === moduleOf(path) || !isProduct(path);
    // The entry with a window has a door of its own: index.ts must stay free of electron.
    const door = isElectronFile(path) && /^src-main\/[^/]+$/.test(path) ? /\/index(?:\.electron)?\.ts$/ : /\/index\.ts$/;
    return inside || door.test(target ?? '') ? undefined : `reaches into module ${other} (${target}); import its index.ts`;
  }),

  importRule('product stands alone', HOUSE, ({ path }, _found, target) =>
    isProduct(path) && target !== undefined && !isProduct(target) && !target.endsWith('.json') && !isPicture(target)
      ? `the product imports ${target}, which is not shipped`
      : undefined,
  ),

  importRule('electron only in *.electron.ts', HOUSE, ({ path }, { specifier, typeOnly }, target) => {
    if (!isProduct(path) || isElectronFile(path) || isPreload(path)) return undefined;
    if (specifier === 'electron' || specifier.startsWith('electron/')) return 'imports electron';
    return target !== undefined && isElectronFile(target) && !typeOnly ? `imports ${target}, which brings electron along` : undefined;
  }),

  importRule('workers are entries', HOUSE, (_file, { typeOnly }, target) =>
    target?.endsWith('.worker.ts') && !typeOnly ? `imports the process entry ${target}; start it through the supervisor` : undefined,
  ),

  importRule('renderer borders', HOUSE, ({ path }, { specifier }, target) => {
    if (!inRenderer(path)) return undefined;
    if (specifier.startsWith('node:')) return `the page has no Node (${specifier})`;
    return target === undefined || inRenderer(target) || inContract(target) || isPicture(target)
      ? undefined
      : `the renderer imports ${target}`;
  }),

  importRule('preload borders', HOUSE, ({ path }, { specifier }, target) => {
    if (!isPreload(path)) return undefined;
    if (target === undefined) return specifier === 'electron' ? undefined : `the preload imports ${specifier}`;
    return target.startsWith('src-preload/') ? undefined : `the preload imports ${target}`;
  }),

  importRule('contract is pure', HOUSE, ({ path }, { specifier }, target) => {
    if (!inContract(path)) return undefined;
    const allowed = target === undefined ? specifier === 'zod' : inContract(target);
    return allowed ? undefined : `the contract imports ${target ?? specifier}`;
  }),

  importRule('raw IPC has one user', HOUSE, ({ path }, found) => {
    if (found.specifier !== 'electron' || !isProduct(path)) return undefined;
    if (hasName(found, 'ipcMain') && !path.startsWith('src-main/platform/contract-host/'))
      return 'uses ipcMain; add a call to the contract instead';
    if (hasName(found, 'ipcRenderer') && !isPreload(path)) return 'uses ipcRenderer';
    return undefined;
  }),

  fileRule('environment is read once', HOUSE, ({ path, environmentLines, imports }) => {
    if (!isProduct(path) || path === 'src-main/platform/config/environment.ts') return [];
    const what = 'reads process.env; environment.ts is the only place that does';
    const imported = imports.filter((found) => /^(?:node:)?process$/.test(found.specifier) && hasName(found, 'env'));
    return [...environmentLines, ...imported.map((found) => found.line)].map((line) => ({ line, what }));
  }),

  fileRule('named exports only', HOUSE, ({ path, defaultExportLine }) =>
    defaultExportLine === undefined || /\.config\.(?:ts|mjs)$/.test(path)
      ? []
      : [{ line: defaultExportLine, what: 'has a default export' }],
  ),

  fileRule('file suffix', HOUSE, ({ path }) => {
    const name = path.split('/').at(-1) ?? '';
    return /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:electron|worker|worklet|node|test|config|vite\.config|d))?\.(?:ts|tsx|mjs)$/.test(name)
      ? []
      : [{ line: 1, what: `${name} is not kebab-case with a known suffix` }];
  }),

  fileRule('file length', HOUSE, ({ lineCount }) =>
    lineCount > FILE_LINES ? [{ line: FILE_LINES, what: `has ${lineCount} lines, ${FILE_LINES} are allowed` }] : [],
  ),

  fileRule('function length', HOUSE, ({ path, functions }) =>
    isProduct(path) || path.startsWith('build/')
      ? functions
          .filter((found) => found.ownLines > FUNCTION_LINES)
          .map((found) => ({
            line: found.line,
            what: `${found.name} has ${found.ownLines} lines of its own, ${FUNCTION_LINES} are allowed`,
          }))
      : [],
  ),

  { name: 'no cycles', page: HOUSE, find: findCycles },
];

/** Applies the whole table. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  return rules.flatMap((rule) => rule.find(files).map((found) => ({ rule: rule.name, page: rule.page, ...found })));
}

export function describeViolation({ rule, page, path, line, what }: Violation): string {
  return `${path}:${line} ${what}. Rule "${rule}", see ${page}`;
}

/** Cycles of run-time imports: each is reported once, at the import that closes it. */
function findCycles(files: readonly SourceFile[]): Omit<Violation, 'rule' | 'page'>[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const found: Omit<Violation, 'rule' | 'page'>[] = [];
  const visit = (file: SourceFile, trail: readonly string[]): void => {
    for (const { target, typeOnly, line } of file.imports) {
      const next = target === undefined || typeOnly ? undefined : byPath.get(target);
      if (next === undefined || finished.has(next.path)) continue;
      const start = trail.indexOf(next.path);
      if (start >= 0) found.push({ path: file.path, line, what: `closes a cycle: ${[...trail.slice(start), next.path].join(' -> ')}` });
      else visit(next, [...trail, next.path]);
    }
    finished.add(file.path);
  };
  for (const file of files) if (!finished.has(file.path)) visit(file, [file.path]);
  return found;
}
