import { createCipheriv, randomFillSync, type KeyObject } from 'node:crypto';
import type { Keyring } from '../secrets/index.ts';
import { isSign, wordsOf, type QueryTerm } from './search-words.ts';

/**
 * The blind index. Beside each message lies a small filter that answers "may this text hold a word beginning with …?" to whoever has the key, and looks
 * random to everyone else:
 *
 *   token    = AES(key 1, beginning of a word)           beginnings of 2 to 7 letters; single signs of Chinese, Thai …
 *   position = AES(key 2, token ⊕ the message's salt)    four positions for each token, set in a Bloom filter
 *
 * Because of the salt the same word sets other bits in each message, so the file does not even tell which messages share words, as an inverted index
 * over hashed words would. It costs a pass over all filters per search (100 bytes a message, in slices), which is a few hundred milliseconds for a
 * year of talk. AES serves as the keyed one-way function instead of HMAC because one native call takes all words of a message: a pasted page has
 * thousands of beginnings. About one message in fifty passes by chance; the caller opens and checks each that passes.
 *
 * Layout: key id (4 bytes) | salt (8) | bits.
 */
const KEY_ID_BYTES = 4;
const SALT_BYTES = 8;
const BITS_START = KEY_ID_BYTES + SALT_BYTES;
const BLOCK_BYTES = 16;
const SHORTEST = 2;
/** With its length a beginning of 7 UTF-16 units fills one AES block; longer words are told apart when the text is opened. */
const LONGEST = 7;
const BITS_PER_TOKEN = 9;
const LEAST_BYTES = 8;

type FilterKeys = Pick<Keyring, 'derive' | 'activeKeyId' | 'has'>;

/** The filter of a text under the active key. */
export function createFilter(text: string, keys: FilterKeys): Buffer {
  const keyId = keys.activeKeyId();
  const beginnings = new Set<string>();
  for (const { readings } of wordsOf(text)) {
    for (const reading of readings) for (const beginning of beginningsOf(reading)) beginnings.add(beginning);
  }
  const filter = Buffer.alloc(BITS_START + Math.max(LEAST_BYTES, Math.ceil((beginnings.size * BITS_PER_TOKEN) / 8)));
  filter.write(keyId, 0, 'hex');
  randomFillSync(filter, KEY_ID_BYTES, SALT_BYTES);
  const blocks = tokensOf([...beginnings], keys.derive('search-tokens', keyId));
  for (let index = 0; index < beginnings.size; index += 1) addSalt(blocks, index * BLOCK_BYTES, filter);
  const positions = encryptBlocks(blocks, keys.derive('search-positions', keyId));
  const bitCount = (filter.length - BITS_START) * 8;
  for (let at = 0; at < positions.length; at += 4) {
    const position = positions.readUInt32LE(at) % bitCount;
    const byte = BITS_START + (position >> 3);
    filter[byte] = (filter[byte] ?? 0) | (1 << (position & 7));
  }
  return filter;
}

/** The id of the key that a filter was made with. */
export function filterKeyId(filter: Buffer): string {
  return filter.toString('hex', 0, KEY_ID_BYTES);
}

/** For each filter whether its text may match all terms: false is certain, true must be checked. */
export type FilterProbe = (filters: readonly Buffer[]) => boolean[];

/** Prepares a query. Words of one letter are not in the filters: a query of only such words lets every message pass. */
export function createProbe(terms: readonly QueryTerm[], keys: FilterKeys): FilterProbe {
  /** One entry per word of the query: its readings' beginnings, of which one must be there. */
  const wanted = terms.flat().map((readings) => readings.map(longestBeginning));
  // A word with a reading too short for the filter cannot be excluded by it.
  const groups = wanted
    .filter((readings) => readings.every((beginning) => beginning !== undefined))
    .map((readings) => readings.filter(isPresent));
  const flat = groups.flat();
  const probes = new Map<string, { tokens: Buffer; positionKey: KeyObject }>();
  const probeFor = (keyId: string) => {
    const known = probes.get(keyId);
    if (known || !keys.has(keyId)) return known;
    const made = { tokens: tokensOf(flat, keys.derive('search-tokens', keyId)), positionKey: keys.derive('search-positions', keyId) };
    probes.set(keyId, made);
    return made;
  };

  return (filters) => {
    const verdicts = filters.map(() => true);
    if (flat.length === 0) return verdicts;
    for (const [keyId, indexes] of groupByKey(filters)) {
      const probe = probeFor(keyId);
      // A key that is gone: let it pass, opening the text will say so.
      if (!probe) continue;
      const blocks = Buffer.concat(indexes.map(() => probe.tokens));
      for (const [row, index] of indexes.entries()) {
        const filter = filters[index];
        if (filter) for (let token = 0; token < flat.length; token += 1) addSalt(blocks, (row * flat.length + token) * BLOCK_BYTES, filter);
      }
      const positions = encryptBlocks(blocks, probe.positionKey);
      for (const [row, index] of indexes.entries()) {
        const filter = filters[index];
        if (filter) verdicts[index] = holdsAll(filter, positions, row * flat.length, groups);
      }
    }
    return verdicts;
  };
}

function holdsAll(filter: Buffer, positions: Buffer, firstBlock: number, groups: readonly string[][]): boolean {
  let block = firstBlock;
  for (const group of groups) {
    let isFound = false;
    for (let reading = 0; reading < group.length; reading += 1) {
      isFound ||= holds(filter, positions, block * BLOCK_BYTES);
      block += 1;
    }
    if (!isFound) return false;
  }
  return true;
}

function holds(filter: Buffer, positions: Buffer, start: number): boolean {
  const bitCount = (filter.length - BITS_START) * 8;
  for (let at = start; at < start + BLOCK_BYTES; at += 4) {
    const position = positions.readUInt32LE(at) % bitCount;
    if (((filter[BITS_START + (position >> 3)] ?? 0) & (1 << (position & 7))) === 0) return false;
  }
  return true;
}

function groupByKey(filters: readonly Buffer[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, filter] of filters.entries()) {
    const keyId = filterKeyId(filter);
    const group = groups.get(keyId);
    if (group) group.push(index);
    else groups.set(keyId, [index]);
  }
  return groups;
}

function* beginningsOf(reading: string): Generator<string> {
  if (isSign(reading)) yield reading;
  for (let length = SHORTEST; length <= Math.min(LONGEST, reading.length); length += 1) yield reading.slice(0, length);
}

/** The most telling thing that the filter knows about a word which begins so; undefined when it is too short. */
function longestBeginning(reading: string): string | undefined {
  return reading.length >= SHORTEST || isSign(reading) ? reading.slice(0, LONGEST) : undefined;
}

function isPresent(beginning: string | undefined): beginning is string {
  return beginning !== undefined;
}

function tokensOf(beginnings: readonly string[], key: KeyObject): Buffer {
  const blocks = Buffer.alloc(beginnings.length * BLOCK_BYTES);
  for (const [index, beginning] of beginnings.entries()) {
    blocks.writeUInt16LE(beginning.length, index * BLOCK_BYTES);
    blocks.write(beginning, index * BLOCK_BYTES + 2, LONGEST * 2, 'utf16le');
  }
  return encryptBlocks(blocks, key);
}

function addSalt(blocks: Buffer, start: number, filter: Buffer): void {
  for (let byte = 0; byte < SALT_BYTES; byte += 1) blocks[start + byte] = (blocks[start + byte] ?? 0) ^ (filter[KEY_ID_BYTES + byte] ?? 0);
}

/** AES on each block by itself. That is unsafe for texts; here each block goes in once and what comes out is never decrypted. */
function encryptBlocks(blocks: Buffer, key: KeyObject): Buffer {
  if (blocks.length === 0) return blocks;
  const cipher = createCipheriv('aes-256-ecb', key, null);
  cipher.setAutoPadding(false);
  return cipher.update(blocks);
}
