import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toolRightSchema, type Asker, type ToolPolicy, type ToolRight, type Verdict } from '../../../../src-preload/contract/index.ts';
import { decide, rightsTable, strictest, type PolicyQuestion } from '../../../../src-main/modules/tools/policy.ts';

const ORDER: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };
const rights = toolRightSchema.options;
const channels: Asker['channel'][] = ['window', 'browser', 'voice', 'phone', 'message', 'mcp', 'api', 'schedule'];
const verdicts: Verdict[] = ['allow', 'ask', 'deny'];
const policies: ToolPolicy[] = ['default', 'allow', 'ask', 'off'];

const anyQuestion: fc.Arbitrary<PolicyQuestion> = fc.record({
  asker: fc.record({ channel: fc.constantFrom(...channels) }),
  tainted: fc.boolean(),
  tool: fc.record({ risk: fc.constantFrom('none' as const, 'low' as const, 'high' as const) }),
  plan: fc.record({ verdict: fc.constantFrom(...verdicts), reasons: fc.constant([]), rights: fc.uniqueArray(fc.constantFrom(...rights)) }),
  ownerPolicy: fc.constantFrom(...policies),
});

function ask(wanted: ToolRight[], overrides: Partial<PolicyQuestion> = {}) {
  return decide({
    asker: { channel: 'window' },
    tainted: false,
    tool: { risk: 'low' },
    plan: { verdict: 'allow', reasons: [], rights: wanted },
    ownerPolicy: 'default',
    ...overrides,
  });
}

describe('decide', () => {
  it('lets the owner read, run and go on the net, and asks before files are written or something is sent', () => {
    expect(ask([]).verdict).toBe('allow');
    expect(ask(['read-files', 'run-command', 'network']).verdict).toBe('allow');
    for (const right of ['write-files', 'send', 'call-out', 'connector'] as const) expect(ask([right]).verdict).toBe('ask');
  });

  it('asks for every way out of the machine and into memory after text from outside was read', () => {
    for (const right of [
      'send',
      'call-out',
      'write-memory',
      'network',
      'open',
      'clipboard',
      'write-files',
      'connector',
      'schedule',
      'notify',
    ] as const) {
      const answer = ask([right], { tainted: true });
      expect([right, answer.verdict, answer.reasons.map(({ code }) => code), answer.mayRemember]).toEqual([
        right,
        'ask',
        ['policy.tainted'],
        false,
      ]);
    }
    expect(ask(['run-command'], { tainted: true }).verdict).toBe('allow');
    expect(ask(['run-command', 'network'], { tainted: true }).verdict).toBe('ask');
  });

  it('gives persons and programs from outside few rights', () => {
    for (const channel of ['phone', 'message', 'mcp', 'api'] as const) {
      for (const right of ['write-files', 'run-command', 'clipboard', 'open', 'call-out', 'write-memory', 'connector'] as const)
        expect(ask([right], { asker: { channel } }).verdict).toBe('deny');
      expect(ask(['read-files'], { asker: { channel } }).verdict).toBe('ask');
      expect(ask([], { asker: { channel } }).verdict).toBe('allow');
    }
  });

  it('lets the owner loosen only what the table asks, and only in a clean turn of their own', () => {
    expect(ask(['send'], { ownerPolicy: 'allow' }).verdict).toBe('allow');
    expect(ask(['send'], { ownerPolicy: 'allow', tainted: true }).verdict).toBe('ask');
    expect(ask(['read-files'], { ownerPolicy: 'allow', asker: { channel: 'message' } }).verdict).toBe('ask');
    expect(ask(['send'], { ownerPolicy: 'allow', plan: { verdict: 'ask', reasons: [], rights: ['send'] } }).verdict).toBe('ask');
    expect(ask([], { ownerPolicy: 'off' }).verdict).toBe('deny');
    expect(ask([], { ownerPolicy: 'ask' })).toMatchObject({ verdict: 'ask', mayRemember: false });
  });

  it('never becomes looser by taint, by an asker from outside, by a further right, by risk, or by the tool asking for more', () => {
    fc.assert(
      fc.property(anyQuestion, fc.constantFrom(...rights), (question, right) => {
        const now = ORDER[decide(question).verdict];
        const { plan } = question;
        const stricter: PolicyQuestion[] = [
          { ...question, tainted: true },
          { ...question, tool: { risk: 'high' } },
          { ...question, plan: { ...plan, rights: [...new Set([...plan.rights, right])] } },
          { ...question, plan: { ...plan, verdict: strictest([plan.verdict, 'ask']) } },
          { ...question, ownerPolicy: question.ownerPolicy === 'default' ? 'ask' : question.ownerPolicy },
        ];
        if (question.asker.channel === 'window')
          stricter.push({ ...question, asker: { channel: 'message' } }, { ...question, asker: { channel: 'schedule' } });
        for (const other of stricter) expect(ORDER[decide(other).verdict]).toBeGreaterThanOrEqual(now);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives a reason for all but a plain yes, and never says less than the tool itself', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const { verdict, reasons } = decide(question);
        expect(verdict === 'allow').toBe(reasons.length === 0);
        expect(ORDER[verdict]).toBeGreaterThanOrEqual(ORDER[question.plan.verdict]);
      }),
    );
  });
});

describe('rightsTable', () => {
  it('has no cell that is looser than the one for a more trusted turn', () => {
    for (const [right, row] of Object.entries(rightsTable)) {
      expect([right, ORDER[row.owner] <= ORDER[row.tainted], ORDER[row.owner] <= ORDER[row.outsider]]).toEqual([right, true, true]);
    }
  });
});
