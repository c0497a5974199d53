import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { difference, encodePicture, type Picture } from './picture.ts';

export interface Review {
  name: string;
  expected: Picture;
  got: Picture;
  /** In words: what was measured, what is allowed. */
  verdict: string;
}

const STYLE = 'body{background:#202428;color:#e0e4e8;font:15px sans-serif}td{padding:6px;vertical-align:top}img{display:block}';

/** Writes expected | got | difference of each into a folder, with a page that shows them side by side. Returns the page's path. */
export async function writeReviewerPage(folder: string, reviews: readonly Review[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const rows: string[] = [];
  for (const { name, expected, got, verdict } of reviews) {
    const cells: string[] = [];
    const pictures = { expected, got, ...(isSameSize(expected, got) ? { difference: difference(expected, got) } : {}) };
    for (const [kind, picture] of Object.entries(pictures)) {
      const file = `${name}-${kind}.png`;
      await writeFile(join(folder, file), await encodePicture(picture));
      cells.push(`<td>${kind}<img src="${file}" alt="${kind}"></td>`);
    }
    rows.push(`<h2>${name}</h2><p>${verdict}</p><table><tr>${cells.join('')}</tr></table>`);
  }
  const page = join(folder, 'index.html');
  await writeFile(
    page,
    `<!doctype html><meta charset="utf-8"><title>Pictures to review</title><style>${STYLE}</style>` +
      `<h1>${reviews.length} pictures differ</h1>\n${rows.join('\n')}\n`,
  );
  return page;
}

export const isSameSize = (left: Picture, right: Picture): boolean => left.width === right.width && left.height === right.height;
