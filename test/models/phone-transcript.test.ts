import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CallCaption, CallRecord } from '../../src-preload/contract/index.ts';
import { createClipMaker, type ClipMaker } from '../bench/clips.ts';
import { noBaresip, startBaresip, type Baresip } from '../doubles/baresip.ts';
import { openTrunk } from '../doubles/open-trunk.ts';
import { startOwnersMobile } from '../doubles/phone-mobile.ts';
import { startPhoneServer, type PhoneServer } from '../doubles/phone-server.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';

/*
 * A call that the owner leads: two real telephones speak with each other over the whole core. What each of them says is shown while it is said, and is in the
 * record, written down from the recording after the call.
 */

const missing = noAsterisk ?? noBaresip;
const RATE_HZ = 16_000;
const CALLER = '+4930901820';

describe.skipIf(missing !== undefined)(titled('the transcript of a call that the owner leads', missing), () => {
  let core: PhoneServer;
  let clips: ClipMaker;

  beforeAll(async () => {
    clips = createClipMaker();
    core = await startPhoneServer();
    await core.set('phone.recordCalls', true);
  }, 420_000);
  afterAll(async () => {
    await clips?.close();
    await core?.close();
  }, 60_000);

  const callerPhone = async (): Promise<Baresip> => {
    const phone = await startBaresip({ server: { port: core.sipPort, user: CALLER, password: '', registers: false } });
    onTestFinished(() => phone.dispose());
    await openTrunk(core, phone.sipPort);
    return phone;
  };
  /** Says it, and resolves when it was heard at the other end: on a busy machine sound is late. */
  const say = async (from: Baresip, to: Baresip, text: string): Promise<void> => {
    const { samples } = await clips.speak(text);
    const heard = to.hearsSound(30_000);
    await from.say({ samples, sampleRateHz: RATE_HZ });
    await heard;
    await to.hearsQuiet(1_500, 60_000);
  };

  it('holds the words of both, each under whose they are, and where they lie in the recording', { timeout: 300_000 }, async () => {
    const caller = await callerPhone();
    const owner = await startOwnersMobile(core);
    onTestFinished(() => owner.dispose());
    const sinceMs = performance.now();
    await caller.dial(CALLER);
    const { call } = await core.untilCall(({ state }) => state.state === 'talking' && state.by === 'mobile' && state.recording, {
      sinceMs,
    });
    // The notice that it is recorded.
    await caller.hearsSound(30_000).catch(() => undefined);
    await caller.hearsQuiet(1_500, 60_000);
    await say(caller, owner.phone, 'Hello, can we meet on Tuesday morning?');
    await say(owner.phone, caller, 'Yes, I will bring the keys to the house.');
    const shown = (): CallCaption[] =>
      core
        .told('phone.caption')
        .map(({ payload }) => payload)
        .filter(({ callId, passing }) => callId === call.id && passing === true);
    const says = (speaker: 'caller' | 'owner'): boolean => shown().some((caption) => caption.speaker === speaker && caption.final);
    await expect
      .poll(() => [says('caller'), says('owner')], { timeout: 30_000 })
      .toEqual([true, true])
      .finally(() =>
        console.log(
          shown()
            .map(({ speaker, text, final, atMs }) => `${atMs} ${speaker}: ${text}${final ? ' |' : ''}`)
            .join('\n'),
        ),
      );
    await caller.hangUp();
    await core.untilCall(({ id, state }) => id === call.id && state.state === 'ended', { sinceMs });
    const record = async (): Promise<CallRecord | null> => core.call('phone.record.get', { callId: call.id });
    await expect
      .poll(async () => (await record())?.segments.filter(({ wordStartsMs }) => wordStartsMs !== undefined).length, {
        timeout: 120_000,
        interval: 500,
      })
      .toBeGreaterThanOrEqual(2);
    const kept = await record();
    console.log(JSON.stringify(kept?.segments), kept?.summary);
    expect(kept?.unheard).toBeUndefined();
    const said = (speaker: 'caller' | 'owner'): string =>
      (kept?.segments ?? [])
        .filter((segment) => segment.speaker === speaker)
        .map(({ text }) => text.toLowerCase())
        .join(' ');
    expect(said('caller')).toMatch(/tuesday/);
    expect(said('caller')).not.toMatch(/keys/);
    expect(said('owner')).toMatch(/keys/);
    expect(said('owner')).not.toMatch(/tuesday|recorded/);
    expect(kept?.summary).toMatch(/tuesday/i);
  });
});
