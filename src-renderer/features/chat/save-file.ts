/** Hands a text to the browser as a download; in the window the system asks where to put it. */
export function saveFile(fileName: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has begun once the click is handled; the address is only needed for that.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
