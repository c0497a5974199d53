import { describe, expect, it } from 'vitest';
import { faceServerAddress } from '../../../../src-main/inference/face-servers/face-server-address.ts';

const ours = { remoteAllowed: false };

describe('faceServerAddress', () => {
  it.each(['http://127.0.0.1:8930', ' http://localhost:8930/ ', 'http://[::1]:8930', 'https://face.localhost/api/'])(
    'takes %s of this machine',
    (typed) => {
      expect(faceServerAddress(typed, ours).href).toMatch(/^https?:\/\//);
    },
  );

  it('takes the slash at the end away', () => {
    expect(faceServerAddress('http://127.0.0.1:8930/face/', ours).pathname).toBe('/face');
  });

  it.each(['127.0.0.1:8930', 'ftp://127.0.0.1', 'http://me:secret@127.0.0.1', 'http://127.0.0.1/?key=1', ''])('refuses %j', (typed) => {
    expect(() => faceServerAddress(typed, ours)).toThrow(expect.objectContaining({ code: 'film.bad-address' }));
  });

  it.each(['http://192.168.1.20:8930', 'http://127.0.0.1.example.org', 'http://localhost.example.org'])(
    'asks before %s, another machine, is used',
    (typed) => {
      expect(() => faceServerAddress(typed, ours)).toThrow(expect.objectContaining({ code: 'film.remote' }));
      expect(faceServerAddress(typed, { remoteAllowed: true }).hostname).not.toBe('');
    },
  );
});
