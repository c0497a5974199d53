/** Marks that models put around their reasoning when neither the template nor the server has taken it out. */
const THOUGHTS = [
  { open: '<think>', close: '</think>' },
  { open: '<thinking>', close: '</thinking>' },
  { open: '<|channel>thought', close: '<channel|>' },
] as const;

/** What reaches the reader of a streamed answer. */
export interface VisibleText {
  /** Everything passed on so far. */
  text(): string;
  push(piece: string): void;
  /** The stream has ended: passes on what was held back because it could have become a mark. */
  end(): void;
}

/**
 * Takes the reasoning out of a stream, and the white space before the first word. A mark counts only at the very beginning of the answer,
 * where models reason: a text about HTML keeps its tags.
 */
export function createVisibleText(onText: (text: string) => void = () => undefined): VisibleText {
  let passed = '';
  let held = '';
  let state: 'before' | { closing: string } | 'visible' = 'before';

  const pass = (text: string): void => {
    if (text === '') return;
    passed += text;
    onText(text);
  };

  const take = (piece: string): void => {
    held += piece;
    if (state === 'before') {
      held = held.trimStart();
      const thought = THOUGHTS.find(({ open }) => held.startsWith(open));
      if (thought) {
        state = { closing: thought.close };
        held = held.slice(thought.open.length);
      } else if (held === '' || THOUGHTS.some(({ open }) => open.startsWith(held))) return;
      else state = 'visible';
    }
    if (typeof state === 'object') {
      const end = held.indexOf(state.closing);
      if (end < 0) return;
      held = held.slice(end + state.closing.length);
      state = 'before';
      take('');
      return;
    }
    pass(held);
    held = '';
  };

  return {
    text: () => passed,
    push: take,
    end() {
      if (state === 'before') pass(held);
      held = '';
    },
  };
}
