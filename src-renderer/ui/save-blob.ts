/** Hands something to the browser as a download; in the window the system asks where to put it. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  saveFrom(url, fileName);
  // The download has begun once the click is handled; the address is only needed for that.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The same for an address of our own origin. */
export function saveFrom(url: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}
