import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import type { Agent } from '../modules/agent/index.ts';
import type { Conversation } from '../modules/conversation/index.ts';
import type { KillSwitchService } from '../modules/killswitch/index.ts';
import { createMcp, type Abilities, type Mcp } from '../modules/mcp/index.ts';
import type { ToolsService } from '../modules/tools/index.ts';
import { readChildEnvironment } from '../platform/config/index.ts';
import type { CoreOptions } from '../compose.ts';
import type { Platform } from './platform.ts';

interface McpParts {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  killSwitch: KillSwitchService;
  tools: Pick<ToolsService, 'register'>;
  agent: Agent;
  conversation: Conversation;
  /** The log of calls, as the owner sees it. */
  calls: Pick<Platform['store']['phone'], 'list'>;
  locale: () => 'en' | 'de';
}

/** Other people's tools, and the assistant for other people's programs. */
export async function composeMcp(parts: McpParts): Promise<Mcp> {
  const { options, platform, clock, bag, killSwitch, tools, locale } = parts;
  const { audit, hub, log, redactor, secrets, vault } = platform;
  const { desktop } = options;
  return bag.add(
    await createMcp({
      dataDirectory: options.environment.dataDirectory,
      version: options.version,
      resolveSecret: (template, target) => vault.resolve(template, target),
      secrets: { get: (name) => secrets.get(tokenName(name)), set: (name, value) => secrets.set(tokenName(name), value) },
      environment: readChildEnvironment(),
      registerTool: tools.register,
      killSwitch,
      audit,
      tell: hub.tell,
      redact: (text) => redactor.redact(text).text,
      openLink: desktop ? (url) => desktop.openExternal(url) : undefined,
      doorUrl: options.doorUrl ?? (async () => null),
      abilities: createAbilities(parts),
      locale,
      clock,
      log,
    }),
  );
}

/** What programs may ask for; every question of theirs is text from outside. */
export function createAbilities({
  options,
  platform,
  agent,
  conversation,
  calls: callLog,
  killSwitch,
}: Pick<McpParts, 'options' | 'agent' | 'conversation' | 'calls' | 'killSwitch'> & {
  platform: Pick<Platform, 'redactor' | 'store'>;
}): Abilities {
  const { redactor, store } = platform;
  return {
    async ask({ text, language }, program, signal) {
      const { text: answer } = await agent.answer({
        conversationId: null,
        question: text,
        language,
        callType: 'desktop-text',
        characterId: 'default',
        asker: { channel: 'mcp', name: program.name },
        tainted: true,
        committed: Promise.resolve(),
        signal,
        onText: () => undefined,
      });
      return answer;
    },
    async speak(text, language) {
      killSwitch.gate.pass('answer');
      return conversation.announce(text, language, { tainted: true });
    },
    status: () => ({
      state: killSwitch.state().level > 0 ? 'stopped' : 'running',
      version: options.version,
      killLevel: killSwitch.state().level,
      isTalking: conversation.isTalking(),
    }),
    async stop(program, level) {
      await killSwitch.engage({ level: killLevelOf(level), trigger: 'api', reason: program.name });
    },
    async messages(query, limit) {
      const titles = new Map(store.listConversations().map(({ id, title }) => [id, title]));
      const found =
        query === ''
          ? [...titles.keys()].flatMap((id) => store.listMessages(id, { limit }))
          : (await store.searchMessages(query)).flatMap(({ messageId }) => store.getMessage(messageId) ?? []);
      return found
        .toSorted((left, right) => right.createdAtMs - left.createdAtMs)
        .slice(0, limit)
        .map(({ conversationId, createdAtMs, role, text }) => ({
          conversation: titles.get(conversationId) ?? '',
          atMs: createdAtMs,
          who: role,
          text: redactor.redact(text).text,
        }));
    },
    async calls(query, limit) {
      const found = await callLog.list({ limit, ...(query === '' ? {} : { query }) });
      return found.map(({ call, answeredBy, durationMs, summary, tasks }) => ({
        atMs: call.startedAtMs,
        direction: call.direction,
        name: call.party.name,
        number: call.party.number,
        answeredBy: answeredBy ?? '',
        durationMs,
        summary: redactor.redact(summary).text,
        tasks: tasks.map((task) => redactor.redact(task).text),
      }));
    },
  };
}

/** Other secrets are none of a server's business. */
function tokenName(name: string): `mcp.${string}` {
  return `mcp.${name.replace(/^mcp\./, '')}`;
}

function killLevelOf(level: number | undefined): 1 | 2 | 3 | 4 | 5 {
  return level === 1 || level === 2 || level === 3 || level === 4 ? level : 5;
}
