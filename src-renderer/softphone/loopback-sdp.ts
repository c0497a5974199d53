/** The exchange listens on the older protocol alone. */
const LOOPBACK = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/**
 * Leaves of a session description only the candidates on this machine's loopback: sound between window and exchange never takes another way, and the
 * addresses of this machine are told to nobody. Where that would leave none, loopback is hidden behind a name (`….local`) or missing; then the
 * candidates stay as they are, because the other end still answers on loopback alone.
 */
export function onlyLoopback(sdp: string): string {
  if (!hasLoopback(sdp)) return sdp;
  const lines = sdp.split('\r\n');
  return lines.filter((line) => !isCandidate(line) || isLocal(line)).join('\r\n');
}

export function hasLoopback(sdp: string): boolean {
  return sdp.split('\r\n').some((line) => isCandidate(line) && isLocal(line));
}

function isCandidate(line: string): boolean {
  return line.startsWith('a=candidate:');
}

/** `a=candidate:<foundation> <component> udp <priority> <address> …` */
function isLocal(line: string): boolean {
  const [, , transport = '', , address = ''] = line.split(' ');
  return transport.toLowerCase() === 'udp' && LOOPBACK.test(address);
}
