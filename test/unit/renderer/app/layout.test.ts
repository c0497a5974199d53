import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../../../src-renderer/app/layout.ts';

describe('layoutOf', () => {
  it.each([
    [1280, 800, 1, 'wide'],
    [900, 700, 1, 'wide'],
    [899, 700, 1, 'band'],
    [560, 700, 1, 'band'],
    [559, 700, 1, 'round'],
    [420, 800, 1, 'round'],
    [1600, 1000, 2, 'band'],
    [1280, 800, 2, 'round'],
    [700, 380, 1, 'round'],
  ] as const)('lays out %i × %i pixels at %f times the text as %s', (width, height, scale, layout) => {
    expect(layoutOf(width, height, scale)).toBe(layout);
  });
});
