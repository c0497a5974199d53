import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { openFaceFinder } from './face-finder.ts';
import { openFaceLab, type PartialFrame } from './face-lab.ts';
import { personFromModel, personFromPicture, shippedPerson } from './people.ts';
import { sideBySide, writePicture } from './picture.ts';

/* Draws frames of a person into a PNG: README.md has the command. */

const { values } = parseArgs({
  options: {
    person: { type: 'string' },
    portrait: { type: 'string' },
    model: { type: 'string' },
    frame: { type: 'string', multiple: true, default: ['{}'] },
    size: { type: 'string' },
    body: { type: 'string' },
    effects: { type: 'boolean', default: false },
    'without-set': { type: 'boolean', default: false },
    out: { type: 'string', default: '/tmp/face.png' },
  },
});

const finder = await openFaceFinder();
const person =
  values.model !== undefined
    ? await personFromModel('model', values.model)
    : values.portrait !== undefined
      ? await personFromPicture('portrait', values.portrait, finder)
      : await shippedPerson(values.person ?? 'default', finder);
await finder.close();
const [width, height] = values.size?.split('x').map(Number) ?? [];
const lab = await openFaceLab();
try {
  await lab.load(person, {
    body: values.body === 'still' ? 'still' : person.model === undefined ? 'mesh' : '3d',
    effects: values.effects,
    withoutSet: values['without-set'],
    ...(width !== undefined && height !== undefined ? { width, height } : {}),
  });
  const started = performance.now();
  const pictures = await lab.draw(values.frame.map((frame) => JSON.parse(frame) as PartialFrame));
  await mkdir(dirname(values.out), { recursive: true });
  await writePicture(values.out, sideBySide(pictures));
  console.log(`${pictures.length} frames in ${(performance.now() - started).toFixed(0)} ms → ${values.out}`);
} finally {
  for (const fault of lab.takeFaults()) console.error(fault);
  await lab.close();
}
