import { describe, expect, it } from 'vitest';
import { hostsOf } from '../../../../src-renderer/features/hands/hosts.ts';

describe('hostsOf', () => {
  it('takes hosts as people write them, each once', () => {
    expect(hostsOf(' https://API.example.com/v1, api.example.com;mail.example.org  ')).toEqual(['api.example.com', 'mail.example.org']);
    expect(hostsOf(' , ')).toEqual([]);
  });
});
