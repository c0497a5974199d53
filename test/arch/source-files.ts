import { globSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

/** One import, export-from or dynamic import of a file. */
export interface SourceImport {
  /** As written, without a bundler's `?query`. */
  specifier: string;
  /** Path from the root of the checkout; undefined for packages and built-ins. */
  target: string | undefined;
  /** Gone at run time. */
  typeOnly: boolean;
  /** Names taken, as exported by the other side. */
  names: string[];
  line: number;
}

export interface SourceFunction {
  name: string;
  line: number;
  /** Lines of its own: those of functions inside it belong to them. */
  ownLines: number;
}

/** What the rules look at. Paths are from the root of the checkout, with forward slashes. */
export interface SourceFile {
  path: string;
  imports: SourceImport[];
  functions: SourceFunction[];
  lineCount: number;
  defaultExportLine: number | undefined;
  /** Lines that read `process.env`. */
  environmentLines: number[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['src-main/**/*.ts', 'src-preload/**/*.ts', 'src-renderer/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}', 'build/**/*.mjs', '*.ts'];

/** Every source file of the checkout, parsed. */
export function readSourceFiles(): SourceFile[] {
  return globSync(SOURCES, { cwd: ROOT })
    .map((path) => path.split(sep).join('/'))
    .toSorted()
    .map((path) => parseSource(path, readFileSync(posix.join(ROOT, path), 'utf8')));
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Parses one file; throws when it is not valid TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const imports = [
    ...module.staticImports.map((found) =>
      toImport(path, found.moduleRequest.value, lineOf(found.start), {
        typeOnly: found.entries.length > 0 && found.entries.every((entry) => entry.isType),
        names: found.entries.flatMap((entry) => entry.importName.name ?? []),
      }),
    ),
    ...module.staticExports.flatMap((found) => {
      const from = found.entries.find((entry) => entry.moduleRequest)?.moduleRequest;
      const typeOnly = found.entries.every((entry) => entry.isType);
      return from ? [toImport(path, from.value, lineOf(found.start), { typeOnly, names: [] })] : [];
    }),
    ...module.dynamicImports.flatMap((found) => {
      const literal = /^['"](.+)['"]$/.exec(text.slice(found.moduleRequest.start, found.moduleRequest.end))?.[1];
      return literal === undefined ? [] : [toImport(path, literal, lineOf(found.start), { typeOnly: false, names: [] })];
    }),
  ];
  const defaultExport = module.staticExports.find((found) => found.entries.some((entry) => entry.exportName.kind === 'Default'));
  const walked = walk(program as unknown as Node, lineOf);
  return {
    path,
    imports,
    functions: walked.functions,
    lineCount: text.trimEnd().split('\n').length,
    defaultExportLine: defaultExport ? lineOf(defaultExport.start) : undefined,
    environmentLines: walked.environmentLines,
  };
}

function toImport(
  path: string,
  written: string,
  line: number,
  { typeOnly, names }: Pick<SourceImport, 'typeOnly' | 'names'>,
): SourceImport {
  const specifier = written.replace(/\?.*$/, '');
  const target = specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : undefined;
  return { specifier, target, typeOnly, names, line };
}

function walk(program: Node, lineOf: (offset: number) => number): Pick<SourceFile, 'functions' | 'environmentLines'> {
  const functions: SourceFunction[] = [];
  const environmentLines: number[] = [];
  /** Returns the lines below `node` that belong to functions. */
  const visit = (node: Node, name: string): number => {
    if (isProcessEnvironment(node)) environmentLines.push(lineOf(node.start));
    const inner = childrenOf(node).reduce((sum, child) => sum + visit(child, nameOf(node) ?? name), 0);
    if (!FUNCTIONS.has(node.type)) return inner;
    const lines = lineOf(node.end) - lineOf(node.start) + 1;
    functions.push({ name: nameOf(node) ?? name, line: lineOf(node.start), ownLines: lines - inner });
    return lines;
  };
  visit(program, '(file)');
  return { functions, environmentLines };
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string');
}

function nameOf(node: Node): string | undefined {
  const named = (node['id'] ?? node['key']) as { name?: unknown } | null | undefined;
  return typeof named?.name === 'string' ? named.name : undefined;
}

function isProcessEnvironment(node: Node): boolean {
  const object = node['object'] as Node | undefined;
  const property = node['property'] as Node | undefined;
  return node.type === 'MemberExpression' && object?.['name'] === 'process' && (property?.['name'] ?? property?.['value']) === 'env';
}
