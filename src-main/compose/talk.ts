import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import type { Language } from '../inference/language/index.ts';
import { createAgent, type Agent } from '../modules/agent/index.ts';
import type { Characters } from '../modules/characters/index.ts';
import { createConversation, createMessageLog, type Conversation } from '../modules/conversation/index.ts';
import type { KillSwitchService } from '../modules/killswitch/index.ts';
import { phoneIntent } from '../modules/telephony/index.ts';
import type { ToolsService } from '../modules/tools/index.ts';
import { createLanguageNotice } from './language-notice.ts';
import { unsavedNotices, type Platform } from './platform.ts';

/** Who answers, and how it is said. */
export function composeTalk(parts: {
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  killSwitch: KillSwitchService;
  language: Language;
  tools: ToolsService;
  characters: Characters;
  locale: () => 'en' | 'de';
}): { agent: Agent; conversation: Conversation } {
  const { platform, clock, bag, killSwitch, language, tools, characters, locale } = parts;
  const { config, hub, log, metrics, notices, redactor, store, workers } = platform;
  const agent = createAgent({
    model: language.model,
    store,
    config,
    persona: characters.persona,
    tools: { ...tools, intent: (...asked) => tools.intent(...asked) ?? phoneIntent(...asked) },
    gate: killSwitch.gate,
    redact: (text) => redactor.redact(text).text,
    countTokens: (tokens) => killSwitch.count('token', tokens),
    clock,
    log,
  });
  const messages = bag.add(createMessageLog({ store, tell: hub.tell, clock, log, ...unsavedNotices(notices) }));
  const conversation = createConversation({
    clock,
    agent,
    store,
    config,
    messages,
    tell: hub.tell,
    openAudio: hub.openAudio,
    notices,
    recognition: workers.recognition,
    synthesis: workers.synthesis,
    character: characters.speaker,
    locale,
    gate: killSwitch.gate,
    tools,
    isStopPhrase: killSwitch.isStopPhrase,
    emergencyStop: (trigger) => void killSwitch.engage({ level: 5, trigger }),
    observer: {
      turnLatency: (latency) => {
        for (const [stage, ms] of Object.entries(latency)) if (ms !== undefined) metrics.observeMs(stage, ms);
      },
      answered: createLanguageNotice({ model: language.model, notices }),
      interruption: (kind) => metrics.count(kind === 'interrupted' ? 'interruptions' : 'false_interruptions_resumed'),
    },
  });
  bag.add(conversation);
  bag.add(killSwitch.register({ effect: 'answer', stop: () => conversation.stopAllAnswers() }));
  bag.add(
    killSwitch.register({
      effect: 'process',
      async stop() {
        // Their worker is ended: a session that outlived it would look as if somebody listened.
        conversation.endSessions();
        return [];
      },
    }),
  );
  bag.add(hub.onGone(conversation.clientGone));
  return { agent, conversation };
}
