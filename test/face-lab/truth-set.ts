import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Point } from '../../src-preload/contract/index.ts';
import type { FaceFinder, Landmarks } from './face-finder.ts';
import { readPicture, type Picture } from './picture.ts';

/** One person of a truth folder in one known state. */
export interface TruthState {
  /** Where the picture lies. */
  file: string;
  picture: Picture;
  /** Found in the picture, as in any other. */
  found: Landmarks;
  /** Exact positions of named points, pixels. */
  exact: Readonly<Record<string, Point>>;
}

export interface TruthPerson {
  name: string;
  /** `neutral` is always among them. */
  states: ReadonlyMap<string, TruthState>;
}

const truthFileSchema = z.object({ states: z.record(z.string(), z.record(z.string(), z.tuple([z.number(), z.number()]))) });

/** Reads a truth folder: one folder per person, with `landmarks.json` and a PNG per state. `only`: names of people. */
export async function readTruth(folder: string, finder: FaceFinder, only?: readonly string[]): Promise<TruthPerson[]> {
  const people: TruthPerson[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    if (only !== undefined && !only.includes(name)) continue;
    const { states } = truthFileSchema.parse(JSON.parse(await readFile(join(folder, name, 'landmarks.json'), 'utf8')));
    const read = new Map<string, TruthState>();
    for (const [state, exact] of Object.entries(states)) {
      const file = join(folder, name, `${state}.png`);
      const picture = await readPicture(file);
      const found = await finder.find(picture);
      if (found === undefined) throw new Error(`There is no face in ${file}.`);
      read.set(state, { file, picture, found, exact });
    }
    if (!read.has('neutral')) throw new Error(`${name} has no neutral picture.`);
    people.push({ name, states: read });
  }
  return people;
}

/** The state that a truth person must have. */
export function stateOf(person: TruthPerson, state: string): TruthState {
  const found = person.states.get(state);
  if (found === undefined) throw new Error(`${person.name} has no picture of the state ${state}.`);
  return found;
}
