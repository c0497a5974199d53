import { describe, expect, it } from 'vitest';
import { hasLoopback, onlyLoopback } from '../../../../src-renderer/softphone/loopback-sdp.ts';

const candidate = (address: string, transport = 'udp'): string => `a=candidate:1 1 ${transport} 2122194687 ${address} 40000 typ host`;
const sdp = (...candidates: string[]): string => ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', ...candidates, 'a=mid:0', ''].join('\r\n');

describe('onlyLoopback', () => {
  it('leaves the address on loopback and names no other of this machine', () => {
    const others = [
      candidate('192.168.1.7'),
      candidate('fd00::2'),
      candidate('127.0.0.1', 'tcp'),
      candidate('8.127.0.1'),
      candidate('127.0.0.1.evil.example'),
    ];
    expect(onlyLoopback(sdp(...others, candidate('127.0.0.1')))).toBe(sdp(candidate('127.0.0.1')));
  });

  it('leaves everything where loopback is hidden or missing, rather than no way at all', () => {
    const hidden = sdp(candidate('0f3a.local'), candidate('192.168.1.7'));
    expect([onlyLoopback(hidden), hasLoopback(hidden), hasLoopback('')]).toEqual([hidden, false, false]);
  });
});
