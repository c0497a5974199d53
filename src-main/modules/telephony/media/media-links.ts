/** Under which names the media worker gets its two lines of a session; the workers at their other ends know the session's own id. */

type Direction = 'capture' | 'playback';

export function mediaLink(sessionId: string, direction: Direction): string {
  return `${sessionId}/${direction}`;
}

export function readMediaLink(link: string): { sessionId: string; direction: Direction } | undefined {
  const [sessionId = '', direction] = link.split('/');
  return sessionId !== '' && (direction === 'capture' || direction === 'playback') ? { sessionId, direction } : undefined;
}
