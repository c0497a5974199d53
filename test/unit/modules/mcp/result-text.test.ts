import { describe, expect, it } from 'vitest';
import { MAX_RESULT_CHARS, resultText } from '../../../../src-main/modules/mcp/result-text.ts';

describe('resultText', () => {
  it('joins texts, and names what is no text', () => {
    expect(
      resultText({
        content: [
          { type: 'text', text: 'Two files:' },
          { type: 'image', mimeType: 'image/png', data: 'AAAA' },
          { type: 'resource_link', name: 'notes', uri: 'file:///notes.txt' },
          { type: 'resource', resource: { uri: 'file:///a.txt', text: 'the text of a' } },
        ],
      }),
    ).toBe('Two files:\n[image, image/png, 3 bytes, not shown]\n[link: notes, file:///notes.txt]\nthe text of a');
  });

  it('takes structured content where there is no text', () => {
    expect(resultText({ content: [], structuredContent: { sum: 42 } })).toBe('{"sum":42}');
    expect(resultText({ content: [] })).toBe('Done. The tool returned nothing.');
  });

  it('says that it is an error of the tool', () => {
    expect(resultText({ isError: true, content: [{ type: 'text', text: 'no paper' }] })).toBe('The tool reported an error: no paper');
  });

  it('is bounded and clean', () => {
    const text = resultText({
      content: Array.from({ length: 1000 }, () => ({ type: 'text' as const, text: `\u001B[2J${'x'.repeat(1000)}` })),
    });
    expect(text.length).toBeLessThanOrEqual(MAX_RESULT_CHARS);
    expect(text).toMatch(/^x+\nx/);
  });
});
