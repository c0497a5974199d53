import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { titleFrom } from '../../../../src-main/modules/agent/conversation-title.ts';
import { createAgentRig } from '../../../doubles/agent-rig.ts';

describe('titleFrom', () => {
  it.each([
    ['What is the capital of France?', 'What is the capital of France'],
    ['hello, what is the capital of France?', 'What is the capital of France'],
    ['Hey! Remind me tomorrow.', 'Remind me tomorrow'],
    ['Guten Morgen, wie wird das Wetter?', 'Wie wird das Wetter'],
    ['hallo wie geht es dir', 'Wie geht es dir'],
    ['ändere den Termin', 'Ändere den Termin'],
    ['Hiking in the Alps', 'Hiking in the Alps'],
    ['Please tell me how to bake a good rye bread', 'Please tell me how to bake a …'],
    ['Bitte erkläre mir, warum der Himmel blau ist', 'Bitte erkläre mir, warum der Himmel blau …'],
    ['one  two\nthree', 'One two three'],
    ['Hello!', 'Hello!'],
    ['???', '???'],
    ['Donaudampfschifffahrtsgesellschaftskapitän Rindfleischetikettierung', 'Donaudampfschifffahrtsgesellschaftskapitän …'],
    ['x'.repeat(70), `X${'x'.repeat(59)} …`],
  ])('makes of %j %j', (question, title) => {
    expect(titleFrom(question)).toBe(title);
  });

  it('is short, never blank for a question with words, and never half a character', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 200 }), (question) => {
        const title = titleFrom(question);
        expect(title.length).toBeLessThanOrEqual(62);
        if (question.trim() !== '') expect(title.trim()).not.toBe('');
        expect(title).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
      }),
    );
  });
});

describe("createAgent's titles", () => {
  it('name a conversation after its first question, once', async () => {
    const rig = await createAgentRig();
    await rig.turn('Hi, what is the capital of France?');
    expect(rig.store.getConversation(rig.conversationId)?.title).toBe('What is the capital of France');
    await rig.turn('And of Spain?');
    expect(rig.store.getConversation(rig.conversationId)?.title).toBe('What is the capital of France');
  });

  it("leave the owner's own title alone", async () => {
    const rig = await createAgentRig();
    rig.store.renameConversation(rig.conversationId, 'Holidays');
    await rig.turn('Where shall we go?');
    expect(rig.store.getConversation(rig.conversationId)?.title).toBe('Holidays');
  });

  it('follow a first question that goes on, and tell whether they are new', async () => {
    const rig = await createAgentRig();
    const { conversationId } = rig;
    const title = () => rig.store.getConversation(conversationId)?.title;
    expect(rig.agent.name({ conversationId, question: 'What is' })).toBe(true);
    expect(rig.agent.name({ conversationId, question: 'What is the time?', former: 'What is' })).toBe(true);
    expect(title()).toBe('What is the time');
    expect(rig.agent.name({ conversationId, question: 'And the date?' })).toBe(false);
    expect(rig.agent.name({ conversationId, question: 'And the date, please?', former: 'And the date?' })).toBe(false);
    expect(title()).toBe('What is the time');
  });

  it('may fail without a word to anybody', async () => {
    const rig = await createAgentRig();
    expect(rig.agent.name({ conversationId: 'gone', question: 'Are you there?' })).toBe(false);
  });
});
