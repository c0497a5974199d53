/**
 * Aho and Corasick's automaton over all keywords at once: one table look-up per character, however many keywords there are. Letters A-Z count as a-z.
 * Characters that stand in no keyword share class 0, which keeps the table small.
 */
export interface KeywordAutomaton {
  /** Class of each UTF-16 unit. */
  classOf: Uint16Array;
  classCount: number;
  /** Next state at `state * classCount + class`. 0 is the start. */
  next: Uint16Array | Uint32Array;
  /** States from this one on have at least one keyword ending there. */
  firstAccepting: number;
  /** Indexes of the keywords that end in the state `firstAccepting + i`. */
  endings: readonly (readonly number[])[];
  /** How many of the last characters may still become a keyword. */
  depthOf: Uint16Array;
}

export function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function buildKeywordAutomaton(keywords: readonly string[]): KeywordAutomaton {
  const classOf = new Uint16Array(0x10000);
  let classCount = 1;
  for (const keyword of keywords) {
    for (let index = 0; index < keyword.length; index += 1) {
      const unit = keyword.charCodeAt(index);
      if (classOf[unit] === 0) classOf[unit] = classCount++;
    }
  }
  for (let letter = 97; letter <= 122; letter += 1) classOf[letter - 32] = classOf[letter] ?? 0;

  const { children, endings, depths } = buildTrie(keywords, classOf);
  const { order, next } = addFailures(children, endings, classCount);

  // States with endings go to the back, so that one comparison finds them.
  const plain = order.filter((state) => (endings[state]?.length ?? 0) === 0);
  const accepting = order.filter((state) => (endings[state]?.length ?? 0) > 0);
  const renamed = new Uint32Array(order.length);
  for (const [name, state] of [...plain, ...accepting].entries()) renamed[state] = name;
  const table = order.length < 0x10000 ? new Uint16Array(order.length * classCount) : new Uint32Array(order.length * classCount);
  const depthOf = new Uint16Array(order.length);
  for (const state of order) {
    const row = (renamed[state] ?? 0) * classCount;
    depthOf[renamed[state] ?? 0] = depths[state] ?? 0;
    for (let unitClass = 0; unitClass < classCount; unitClass += 1)
      table[row + unitClass] = renamed[next[state * classCount + unitClass] ?? 0] ?? 0;
  }
  return {
    classOf,
    classCount,
    next: table,
    firstAccepting: plain.length,
    endings: accepting.map((state) => endings[state] ?? []),
    depthOf,
  };
}

function buildTrie(keywords: readonly string[], classOf: Uint16Array) {
  const children: Map<number, number>[] = [new Map()];
  const endings: number[][] = [[]];
  const depths: number[] = [0];
  for (const [index, keyword] of keywords.entries()) {
    let state = 0;
    for (let position = 0; position < keyword.length; position += 1) {
      const unitClass = classOf[keyword.charCodeAt(position)] ?? 0;
      let child = children[state]?.get(unitClass);
      if (child === undefined) {
        child = children.length;
        children.push(new Map());
        endings.push([]);
        depths.push(position + 1);
        children[state]?.set(unitClass, child);
      }
      state = child;
    }
    endings[state]?.push(index);
  }
  return { children, endings, depths };
}

/** Breadth first: each state takes over what its longest proper suffix knows. */
function addFailures(children: readonly Map<number, number>[], endings: number[][], classCount: number) {
  const next = new Uint32Array(children.length * classCount);
  const failure = new Uint32Array(children.length);
  const order: number[] = [0];
  for (let head = 0; head < order.length; head += 1) {
    const state = order[head] ?? 0;
    const suffix = failure[state] ?? 0;
    for (let unitClass = 0; unitClass < classCount; unitClass += 1) {
      const child = children[state]?.get(unitClass);
      const fallback = state === 0 ? 0 : (next[suffix * classCount + unitClass] ?? 0);
      if (child === undefined) {
        next[state * classCount + unitClass] = fallback;
        continue;
      }
      failure[child] = fallback;
      endings[child]?.push(...(endings[fallback] ?? []));
      next[state * classCount + unitClass] = child;
      order.push(child);
    }
  }
  return { order, next };
}
