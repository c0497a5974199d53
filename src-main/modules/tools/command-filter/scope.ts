import { HOME, SANDBOX_FOLDER } from './markers.ts';

/** A variable that this command line has set itself. */
export interface Variable {
  /** undefined = set, but nobody knows to what. */
  value: string | undefined;
  /** Elements, for an array whose words are all known. */
  elements: readonly string[] | undefined;
  /** Set by `for`, `read` and the like: its value differs from round to round, which is no hiding place by itself. */
  isLoop: boolean;
}

/** What is known while a script is read from top to bottom. */
export interface Scope {
  /** undefined = not set by this command line. */
  get(name: string): Variable | undefined;
  set(name: string, variable: Variable): void;
  /** After `eval`, `source` and the like nothing is known any more. */
  forget(): void;
  /** A scope of its own for a subshell or a substitution: what it sets stays inside. */
  fork(): Scope;
  /** Whether `$@` and `$1` are surely empty. Inside functions and `sh -c code name arguments` they are not. */
  positionalsAreEmpty: boolean;
  /** With another IFS nobody knows where words end. */
  splitsAsUsual: boolean;
}

export function createScope(from?: { variables: ReadonlyMap<string, Variable>; forgotten: boolean }): Scope {
  const variables = new Map<string, Variable>(from?.variables);
  let forgotten = from?.forgotten ?? false;
  const scope: Scope = {
    get: (name) => {
      const known = variables.get(name);
      if (known) return known;
      if (forgotten && !name.startsWith('alias ')) return { value: undefined, elements: undefined, isLoop: true };
      if (name === 'HOME') return { value: HOME, elements: undefined, isLoop: true };
      if (name === 'PWD') return { value: SANDBOX_FOLDER, elements: undefined, isLoop: true };
      return undefined;
    },
    set: (name, variable) => {
      if (name === 'IFS') scope.splitsAsUsual = false;
      variables.set(name, variable);
    },
    forget: () => {
      variables.clear();
      forgotten = true;
      scope.splitsAsUsual = false;
    },
    fork: () => {
      const inner = createScope({ variables, forgotten });
      inner.positionalsAreEmpty = scope.positionalsAreEmpty;
      inner.splitsAsUsual = scope.splitsAsUsual;
      return inner;
    },
    positionalsAreEmpty: true,
    splitsAsUsual: true,
  };
  return scope;
}

export const unknownVariable: Variable = { value: undefined, elements: undefined, isLoop: false };
export const loopVariable: Variable = { value: undefined, elements: undefined, isLoop: true };
