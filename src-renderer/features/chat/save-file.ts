import { saveBlob } from '../../ui/save-blob.ts';

/** Hands a text to the browser as a download. */
export function saveFile(fileName: string, content: string): void {
  saveBlob(new Blob([content], { type: 'text/plain;charset=utf-8' }), fileName);
}
