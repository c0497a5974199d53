import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createPageResources, jsonAnswer } from '../../../../src-main/platform/contract-host/index.ts';

async function* nothing(): AsyncGenerator<Uint8Array> {
  // No body.
}

const resources = createPageResources({
  '/uploads': { method: 'POST', answer: async () => jsonAnswer({ uploadId: 'one' }) },
  '/characters': {
    method: 'GET',
    answer: async ({ pathname }) => {
      if (pathname.endsWith('/refused')) throw new AppError('character.bad-path', 'No.');
      if (pathname.endsWith('/broken')) throw new Error('a bug');
      return pathname.endsWith('/there') ? jsonAnswer('here') : undefined;
    },
  },
});
const ask = async (method: string, pathname: string, isOwn = true) => {
  const answer = await resources({ method, pathname, isOwn, body: nothing(), contentLength: undefined });
  return answer === undefined
    ? undefined
    : [answer.status, answer.body instanceof Uint8Array ? JSON.parse(Buffer.from(answer.body).toString()) : 'file'];
};

describe('createPageResources', () => {
  it('leaves what it does not know to the page', async () => {
    expect([await ask('GET', '/index.html'), await ask('GET', '/'), await ask('POST', '/uploadsx')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('answers by the first part of the path', async () => {
    expect([await ask('POST', '/uploads'), await ask('GET', '/characters/there'), await ask('HEAD', '/characters/there')]).toEqual([
      [200, { uploadId: 'one' }],
      [200, 'here'],
      [200, 'here'],
    ]);
  });

  it('lets another page that a browser has open change nothing', async () => {
    expect([await ask('POST', '/uploads', false), await ask('GET', '/characters/there', false)]).toMatchObject([
      [403, { code: 'request.refused' }],
      [200, 'here'],
    ]);
  });

  it('says as data what went wrong, and keeps a bug from the page', async () => {
    expect([
      await ask('GET', '/uploads'),
      await ask('POST', '/characters/there'),
      await ask('GET', '/characters/gone'),
      await ask('GET', '/characters/refused'),
    ]).toMatchObject([
      [405, { code: 'request.bad-method' }],
      [405, { code: 'request.bad-method' }],
      [404, { code: 'request.not-found' }],
      [400, { code: 'character.bad-path', message: 'No.' }],
    ]);
    expect(await ask('GET', '/characters/broken')).toEqual([
      500,
      { code: 'internal.unexpected', message: 'Something unexpected went wrong. Try again.', details: {} },
    ]);
  });
});
