import { describe, expect, it } from 'vitest';
import { createLinkIssuer } from '../../../../src-main/platform/contract-host/link-issuer.ts';

describe('createLinkIssuer', () => {
  it('opens the door once, when the first link is asked for, and gives a fresh link each time', async () => {
    let openCount = 0;
    let linkCount = 0;
    const issue = createLinkIssuer(async () => {
      openCount += 1;
      return { issueLink: () => `link ${(linkCount += 1)}` };
    });
    expect(openCount).toBe(0);
    expect((await Promise.all([issue(), issue()])).toSorted()).toEqual(['link 1', 'link 2']);
    expect(openCount).toBe(1);
  });

  it('tries again after the door could not be opened', async () => {
    let openCount = 0;
    const issue = createLinkIssuer(async () => {
      openCount += 1;
      if (openCount === 1) throw new Error('disk full');
      return { issueLink: () => 'link' };
    });
    await expect(issue()).rejects.toThrow('disk full');
    expect(await issue()).toBe('link');
  });
});
