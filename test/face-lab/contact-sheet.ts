import { readdir, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { openFaceFinder } from './face-finder.ts';
import { openFaceLab } from './face-lab.ts';
import { shippedPerson } from './people.ts';
import { STATE_FRAMES } from './states.ts';

/* Every shipped character in every state as one picture: node test/face-lab/contact-sheet.ts [--out FILE] [--without-set] [--effects] */

const root = resolve(import.meta.dirname, '../..');
const CHARACTERS = resolve(root, 'resources/characters');
/** Head and shoulders of a drawing of 360 × 450 are kept. */
const DRAWN = { width: 360, height: 450 };
const CUT = { left: 60, top: 40, width: 240, height: 280 };
const LABEL_HEIGHT = 26;
const COLUMNS = 8;
const QUALITY = 68;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: resolve(root, 'docs/pictures/characters.webp') },
    'without-set': { type: 'boolean', default: false },
    effects: { type: 'boolean', default: false },
    person: { type: 'string', multiple: true },
  },
});

const ids = [];
for (const name of (await readdir(CHARACTERS)).toSorted()) if ((await stat(resolve(CHARACTERS, name))).isDirectory()) ids.push(name);
const shown = values.person ?? ids;
const states = Object.keys(STATE_FRAMES);
const rows = Math.ceil(states.length / COLUMNS);
const sheet = createCanvas(COLUMNS * CUT.width, shown.length * rows * (CUT.height + LABEL_HEIGHT));
const pen = sheet.getContext('2d');
pen.fillStyle = '#101418';
pen.fillRect(0, 0, sheet.width, sheet.height);
pen.font = '15px sans-serif';
pen.textAlign = 'center';

const finder = await openFaceFinder();
const lab = await openFaceLab();
try {
  for (const [place, id] of shown.entries()) {
    await lab.load(await shippedPerson(id, finder), { ...DRAWN, effects: values.effects, withoutSet: values['without-set'] });
    const pictures = await lab.draw(Object.values(STATE_FRAMES));
    for (const [index, { width, height, data }] of pictures.entries()) {
      const left = (index % COLUMNS) * CUT.width;
      const top = (place * rows + Math.floor(index / COLUMNS)) * (CUT.height + LABEL_HEIGHT);
      const drawing = createCanvas(width, height);
      drawing.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
      pen.drawImage(drawing, CUT.left, CUT.top, CUT.width, CUT.height, left, top, CUT.width, CUT.height);
      pen.fillStyle = '#c8d0d8';
      pen.fillText(`${id} · ${states[index]}`, left + CUT.width / 2, top + CUT.height + 18, CUT.width - 8);
    }
  }
} finally {
  for (const fault of lab.takeFaults()) console.error(fault);
  await lab.close();
  await finder.close();
}
const file = values.out.endsWith('.png') ? await sheet.encode('png') : await sheet.encode('webp', QUALITY);
await writeFile(values.out, file);
console.log(`${values.out}: ${sheet.width} × ${sheet.height}, ${Math.round(file.length / 1000)} kB`);
