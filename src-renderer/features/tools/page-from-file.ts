import type { SharedPage } from '../../stores/hands-store.ts';

/** As much as the contract takes. */
export const SHARED_CHARACTERS = 400_000;
const READ_BYTES = 8 * 1024 * 1024;
const TITLE_CHARACTERS = 120;

/** What is left out: it is not read by people either. */
const SILENT = 'script, style, noscript, template, svg, iframe, object, head';
const BLOCKS =
  'p, div, section, article, header, footer, main, nav, aside, h1, h2, h3, h4, h5, h6, li, tr, table, ul, ol, pre, blockquote, br, hr';

/** The text of a dropped or chosen file; undefined = it is not one of the kinds that can be shown. */
export async function pageFromFile(file: File): Promise<SharedPage | undefined> {
  const isHtml = /\.x?html?$/i.test(file.name) || file.type === 'text/html';
  if (!isHtml && !/\.(?:txt|md|markdown|csv|eml|log|json)$/i.test(file.name) && !file.type.startsWith('text/')) return undefined;
  const read = await file.slice(0, READ_BYTES).text();
  const { title, text } = isHtml ? textOfHtml(read) : { title: '', text: read };
  return text.trim() === '' ? undefined : sharedPage({ address: file.name, title: title || file.name, text });
}

/** Within the limits of the contract; without a title the first line is one. */
export function sharedPage({ address, title, text }: SharedPage): SharedPage {
  const firstLine = text.trim().split('\n', 1)[0] ?? '';
  const name = (title.trim() || firstLine).replaceAll(/\s+/g, ' ').slice(0, TITLE_CHARACTERS);
  return { address: address.trim().slice(0, 2000), title: name, text: text.trim().slice(0, SHARED_CHARACTERS) };
}

function textOfHtml(html: string): { title: string; text: string } {
  // A parsed document runs no scripts and loads nothing.
  const document = new DOMParser().parseFromString(html, 'text/html');
  const { title } = document;
  for (const element of document.querySelectorAll(SILENT)) element.remove();
  for (const block of document.querySelectorAll(BLOCKS)) block.before('\n');
  const text = (document.body.textContent ?? '').replaceAll(/[^\S\n]+/g, ' ').replaceAll(/ ?\n\s*/g, '\n');
  return { title, text };
}
