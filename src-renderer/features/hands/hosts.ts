/** Hosts as people write them: with commas or spaces between, perhaps with a scheme or a path. Each once. */
export function hostsOf(text: string): string[] {
  const hosts = text
    .split(/[\s,;]+/)
    .map((word) =>
      word
        .replace(/^[a-z]+:\/\//i, '')
        .replace(/\/.*$/, '')
        .toLowerCase(),
    )
    .filter((host) => host !== '');
  return [...new Set(hosts)];
}
