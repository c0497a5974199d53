import type { CompiledRule, CompiledRules, KeywordTarget, KnownText } from './compiled-rules.ts';
import { runViews, unescapeView, type DecodedView } from './decoded-views.ts';
import type { Finding } from './redactor.ts';
import { runRules } from './rules/run-rules.ts';

/** Encodings inside encodings that are looked into. */
const MAX_DEPTH = 3;
/** Text before a keyword that its pattern may look at, without taking it. */
const LEFT_CHARS = 64;
/** Characters of base64, base64url and hex; shorter runs hold nothing that would be recognised. */
const MIN_RUN = 16;
/** Longer runs and words are looked at in pieces that overlap. A multiple of 4: base64 stays aligned. */
const RUN_PIECE = 8192;
const RUN_OVERLAP = 2048;
const WORD_PIECE = 24_576;
const WORD_OVERLAP = 8192;
/** Base64 in lines, as in mail: a run that fills a line goes on in the next one. */
const MIN_WRAPPED_LINE = 60;
/** The owner's patterns look at lines, long ones in pieces. */
const LINE_PIECE = 4096;
const LINE_OVERLAP = 512;
/** See `opening` in rule.ts. */
const MAX_OPENING_GAPS = 4;
/** What a stream keeps of the text that it has given out already, for patterns that look back. */
const KEEP_CHARS = 1024;

const RUN = 1;
const BLANK = 2;
const ESCAPE = 4;
const kindOf = new Uint8Array(0x10000);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-') kindOf[character.charCodeAt(0)] = RUN;
for (let unit = 0; unit <= 32; unit += 1) kindOf[unit] = BLANK;
for (const character of '%\\&') kindOf[character.charCodeAt(0)] = ESCAPE;

const isTokenUnit = (unit: number): boolean => kindOf[unit] === RUN && unit !== 43 && unit !== 47;

/** Where two begin and end at the same places, the lower rank gives the name. */
export interface RankedFinding extends Finding {
  rank: number;
}

/** Our own marks name kinds of secrets, which are keywords as well. */
const IN_MARK = /\[secret:[a-z0-9-]{0,40}$/;

const KNOWN_RANK = -1;
const RUN_RULE_RANK = 1000;
const OWN_RANK = 2000;

interface PendingHit {
  target: KeywordTarget;
  /** Where the keyword begins. */
  at: number;
}

/**
 * One pass over a text that may come in pieces. Every position is absolute: counted from the first character of the first piece. Whether a text comes
 * whole or in pieces makes no difference to what is found: each decision looks at a window around a keyword, a run, a word or a line, whose bounds depend on
 * the text alone, and is put off until that window has arrived.
 */
export class Scan {
  readonly findings: RankedFinding[] = [];
  readonly #rules: CompiledRules;
  readonly #depth: number;
  /** Held text; its first character is at position `#origin`. */
  #text = '';
  #origin = 0;
  #position = 0;
  #finished = false;
  #state = 0;
  #runStart = 0;
  /** Where the current line of a wrapped run begins. */
  #runLineStart = 0;
  #wordStart = 0;
  #wordHasEscapes = false;
  #lineStart = 0;
  #isPieceOfRun = false;
  #pending: PendingHit[] = [];
  /** A rule that has matched up to here need not look at keywords inside. */
  readonly #matchedUpTo = new Map<CompiledRule, number>();

  constructor(rules: CompiledRules, depth = 0) {
    this.#rules = rules;
    this.#depth = depth;
  }

  /** All at once. */
  run(text: string): void {
    this.#finished = true;
    this.push(text);
    this.finish();
  }

  push(piece: string): void {
    this.#text = this.#text === '' ? piece : this.#text + piece;
    this.#advance();
    this.#settleHits();
  }

  finish(): void {
    this.#finished = true;
    const end = this.#position;
    this.#endRun(end, -1);
    this.#endWord(end);
    if (this.#rules.own.length > 0) this.#endLine(end);
    this.#settleHits();
  }

  /** Findings that begin before this position are all known. */
  settled(): number {
    if (this.#finished) return this.#position;
    let settled = Math.min(this.#wordStart, this.#runStart, this.#position - (this.#rules.automaton.depthOf[this.#state] ?? 0));
    for (const { target, at } of this.#pending) settled = Math.min(settled, target.kind === 'rule' ? at - target.rule.behindChars : at);
    if (this.#rules.own.length > 0) settled = Math.min(settled, this.#lineStart);
    return Math.max(0, settled);
  }

  slice(start: number, end: number): string {
    return this.#text.slice(start - this.#origin, end - this.#origin);
  }

  /** Lets go of the text before the position, except what patterns may look back at. */
  forget(position: number): void {
    const drop = position - KEEP_CHARS - this.#origin;
    if (drop < KEEP_CHARS) return;
    this.#text = this.#text.slice(drop);
    this.#origin += drop;
  }

  /** The hot loop: a few look-ups a character. Everything that is rare happens elsewhere. */
  #advance(): void {
    const { classOf, classCount, next, firstAccepting } = this.#rules.automaton;
    const text = this.#text;
    const origin = this.#origin;
    const hasOwn = this.#rules.own.length > 0;
    let state = this.#state;
    let runStart = this.#runStart - origin;
    const length = text.length;
    for (let index = this.#position - origin; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      state = next[state * classCount + (classOf[unit] ?? 0)] ?? 0;
      if (state >= firstAccepting) this.#hit(state - firstAccepting, origin + index + 1);
      const kind = kindOf[unit] ?? 0;
      if (kind === RUN) continue;
      if (index - runStart >= MIN_RUN) {
        this.#runStart = runStart + origin;
        this.#endRun(origin + index, unit);
        runStart = this.#runStart - origin;
      } else {
        runStart = index + 1;
        this.#runLineStart = runStart + origin;
      }
      if (kind === BLANK) {
        if (this.#wordHasEscapes) this.#endWord(origin + index);
        this.#wordStart = origin + index + 1;
        if (hasOwn && unit === 10) this.#endLine(origin + index);
      } else if (kind === ESCAPE) this.#wordHasEscapes = true;
    }
    this.#state = state;
    this.#runStart = runStart + origin;
    this.#position = origin + length;
    this.#cutRun(this.#position);
    this.#cutWord(this.#position);
    if (hasOwn) this.#cutLine(this.#position);
  }

  #hit(accepting: number, end: number): void {
    for (const index of this.#rules.automaton.endings[accepting] ?? []) {
      const target = this.#rules.targets[index];
      if (target) this.#pending.push({ target, at: end - target.keywordLength });
    }
    if (this.#pending.length > 64) this.#settleHits();
  }

  /** In their order, so that `#matchedUpTo` does not depend on when pieces arrive. */
  #settleHits(): void {
    let done = 0;
    for (const hit of this.#pending) {
      if (!this.#isReady(hit)) break;
      done += 1;
      if (hit.target.kind === 'rule') this.#tryRule(hit.target.rule, hit.at);
      else this.#tryKnown(hit.target.known, hit.at);
    }
    if (done > 0) this.#pending = this.#pending.slice(done);
  }

  #isReady({ target, at }: PendingHit): boolean {
    if (this.#finished) return true;
    const end = this.#origin + this.#text.length;
    if (target.kind === 'known') return end > at + target.known.text.length;
    if (end >= at + target.rule.reachChars) return true;
    const { gaps, opening } = target.rule;
    // A pattern goes over so many gaps at most; when one more has begun, what follows cannot change anything.
    if (this.#hasGaps(at + target.keywordLength, Math.min(gaps, MAX_OPENING_GAPS) + 1)) {
      if (gaps <= MAX_OPENING_GAPS) return true;
      if (opening) {
        const from = Math.max(0, at - LEFT_CHARS);
        const window = this.slice(from, at + target.rule.reachChars);
        opening.lastIndex = at - from;
        if (!opening.test(window)) return true;
        // Without a quotation mark the value ends at the next blank.
        return target.rule.endsWithValue && !/["'`\\]/.test(window.charAt(opening.lastIndex)) && /\s/.test(window.slice(opening.lastIndex));
      }
    }
    return Number.isFinite(gaps) && this.#hasGaps(at + target.keywordLength, gaps + 1);
  }

  #hasGaps(from: number, count: number): boolean {
    let gaps = 0;
    let wasBlank = false;
    for (let position = from - this.#origin; position < this.#text.length; position += 1) {
      const isBlank = kindOf[this.#text.charCodeAt(position)] === BLANK;
      if (isBlank && !wasBlank && ++gaps === count) return true;
      wasBlank = isBlank;
    }
    return false;
  }

  #tryRule(rule: CompiledRule, at: number): void {
    if (at < (this.#matchedUpTo.get(rule) ?? 0)) return;
    const from = Math.max(0, at - LEFT_CHARS - rule.behindChars);
    const window = this.slice(from, at + rule.reachChars);
    const keyword = at - from;
    const { pattern } = rule;
    pattern.lastIndex = rule.behindChars === 0 ? keyword : Math.max(0, keyword - rule.behindChars);
    let match = pattern.exec(window);
    while (match && match.index + match[0].length <= keyword) match = pattern.exec(window);
    if (!match || match.index > keyword) return;
    if (IN_MARK.test(window.slice(0, keyword))) return;
    const { groups, indices } = match;
    const name =
      groups?.['secret'] !== undefined
        ? 'secret'
        : groups?.['quoted'] !== undefined
          ? 'quoted'
          : groups?.['bare'] !== undefined
            ? 'bare'
            : undefined;
    const span = name === undefined ? indices?.[0] : indices?.groups?.[name];
    if (!span) return;
    const [start] = span;
    let [, end] = span;
    if (rule.accept && !rule.accept(window.slice(start, end), match[0])) return;
    if (rule.isToken) while (end < window.length && isTokenUnit(window.charCodeAt(end))) end += 1;
    this.#matchedUpTo.set(rule, from + end);
    this.findings.push({ rule: rule.name, rank: rule.rank, start: from + start, end: from + end });
  }

  #tryKnown(known: KnownText, at: number): void {
    const end = at + known.text.length;
    const found = this.slice(at, end);
    if (found !== known.text && !(known.anyCase && found.toLowerCase() === known.text.toLowerCase())) return;
    if (known.alone && (isWordUnit(this.slice(at - 1, at)) || isWordUnit(this.slice(end, end + 1)))) return;
    this.findings.push({ rule: 'known-secret', rank: KNOWN_RANK, start: at, end });
  }

  #cutRun(position: number): void {
    while (position - this.#runStart >= RUN_PIECE) {
      this.#isPieceOfRun = true;
      this.#lookAtRun(this.#runStart, this.#runStart + RUN_PIECE);
      this.#runStart += RUN_PIECE - RUN_OVERLAP;
    }
  }

  /** `unit` is the character at the end, -1 = the text is over. */
  #endRun(end: number, unit: number): void {
    const isBreak = unit === 10 || unit === 13;
    if (isBreak && (end - this.#runLineStart >= MIN_WRAPPED_LINE || (unit === 10 && end === this.#runLineStart && end > this.#runStart))) {
      this.#runLineStart = end + 1;
      this.#cutRun(end + 1);
      return;
    }
    this.#cutRun(end);
    if (end - this.#runStart >= MIN_RUN) this.#lookAtRun(this.#runStart, end);
    this.#runStart = end + 1;
    this.#runLineStart = end + 1;
    this.#isPieceOfRun = false;
  }

  #lookAtRun(start: number, end: number): void {
    const raw = this.slice(start, end);
    for (const { name, minChars, maxChars, pattern } of runRules) {
      if (raw.length < minChars || raw.length > maxChars) continue;
      const before = this.slice(Math.max(0, start - LEFT_CHARS), start);
      const match = pattern.exec(before + raw);
      if (!match) continue;
      const at = start - before.length + match.index;
      this.findings.push({ rule: name, rank: RUN_RULE_RANK, start: at, end: at + match[0].length });
    }
    if (this.#depth >= MAX_DEPTH) return;
    const isWrapped = raw.length > MIN_WRAPPED_LINE && (raw.includes('\n') || raw.includes('\r'));
    const isWhole = isWrapped || !this.#isPieceOfRun;
    for (const view of runViews(isWrapped ? raw.replaceAll(/[\r\n]/g, '') : raw)) {
      this.#lookInside(view, (what, from, to) => {
        // A code with a piece cut out is of no use to anyone; what is left of it would only mislead.
        if (isWhole) this.findings.push({ ...what, start, end: start + raw.trimEnd().length });
        else this.findings.push({ ...what, start: start + view.outerStart(from), end: Math.min(end, start + view.outerStart(to + 2)) });
      });
    }
  }

  #cutWord(position: number): void {
    if (!this.#wordHasEscapes && position - this.#wordStart > WORD_PIECE) {
      // Nothing to decode so far: only the end of it can still matter.
      const pieces = Math.floor((position - this.#wordStart - WORD_OVERLAP) / (WORD_PIECE - WORD_OVERLAP));
      this.#wordStart += pieces * (WORD_PIECE - WORD_OVERLAP);
    }
    while (this.#wordHasEscapes && position - this.#wordStart >= WORD_PIECE) {
      this.#lookAtWord(this.#wordStart, this.#wordStart + WORD_PIECE);
      this.#wordStart += WORD_PIECE - WORD_OVERLAP;
    }
  }

  #endWord(end: number): void {
    this.#cutWord(end);
    if (this.#wordHasEscapes) this.#lookAtWord(this.#wordStart, end);
    this.#wordHasEscapes = false;
    this.#wordStart = end;
  }

  #lookAtWord(start: number, end: number): void {
    if (this.#depth >= MAX_DEPTH || end - start < 8) return;
    const view = unescapeView(this.slice(start, end), start);
    if (view)
      this.#lookInside(view, (what, from, to) => this.findings.push({ ...what, start: view.outerStart(from), end: view.outerStart(to) }));
  }

  #lookInside(view: DecodedView, found: (what: Pick<RankedFinding, 'rule' | 'rank'>, from: number, to: number) => void): void {
    const inner = new Scan(this.#rules, this.#depth + 1);
    inner.run(view.text);
    for (const { rule, rank, start, end } of inner.findings) found({ rule, rank }, start, end);
  }

  #cutLine(position: number): void {
    while (position - this.#lineStart >= LINE_PIECE) {
      this.#lookAtLine(this.#lineStart, this.#lineStart + LINE_PIECE);
      this.#lineStart += LINE_PIECE - LINE_OVERLAP;
    }
  }

  #endLine(end: number): void {
    this.#cutLine(end);
    this.#lookAtLine(this.#lineStart, end);
    this.#lineStart = end + 1;
  }

  #lookAtLine(start: number, end: number): void {
    const line = this.slice(start, end);
    for (const [index, pattern] of this.#rules.own.entries()) {
      for (const match of line.matchAll(pattern)) {
        if (match[0] !== '')
          this.findings.push({
            rule: `own-${index + 1}`,
            rank: OWN_RANK + index,
            start: start + match.index,
            end: start + match.index + match[0].length,
          });
      }
    }
  }
}

function isWordUnit(character: string): boolean {
  return /^[\p{L}\p{N}]$/u.test(character);
}
