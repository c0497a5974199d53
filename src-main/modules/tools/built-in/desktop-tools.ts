import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import { planWords } from '../plan-words.ts';
import { standingOf } from '../policy.ts';
import { oneLine } from '../tool-text.ts';
import { toolReason } from '../tools-errors.ts';
import type { Tool } from '../tools.ts';
import { plainPlan } from './plain-plan.ts';
import { parseUrl } from './web-page.ts';

/** What only a desktop can do for tools; absent on a server. */
export interface ToolDesktop {
  readClipboard(): string | Promise<string>;
  writeClipboard(text: string): void | Promise<void>;
  /** In the default browser; http(s) only. */
  openExternal(url: string): Promise<void>;
  notify(title: string, body: string): void;
}

export function createDesktopTools(desktop: ToolDesktop | undefined): Tool[] {
  const unavailable = () => (desktop === undefined ? toolReason('tools.no-desktop') : undefined);
  const require = (): ToolDesktop => {
    if (desktop === undefined) throw new Error('The executor does not run a tool that is unavailable');
    return desktop;
  };
  const common = { isCommon: false, cost: 3, timeoutMs: 5_000, unavailable } as const;

  return [
    defineTool({
      ...common,
      name: 'clipboard_read',
      title: 'Read the clipboard',
      description: 'Reads the text that the owner has copied.',
      keywords: ['copied', 'paste', 'zwischenablage', 'kopiert', 'einfügen'],
      input: z.object({}),
      rights: ['clipboard'],
      risk: 'low',
      plan: async () => plainPlan(planWords('read-clipboard'), ['clipboard']),
      async run() {
        const text = await require().readClipboard();
        return { text: text === '' ? '(the clipboard holds no text)' : text, outside: true };
      },
    }),
    defineTool({
      ...common,
      name: 'clipboard_write',
      title: 'Copy to the clipboard',
      description: 'Puts a text on the clipboard; what was there is replaced and can be taken back.',
      keywords: ['copy', 'zwischenablage', 'kopieren'],
      input: z.object({ text: z.string().min(1).max(100_000) }),
      rights: ['clipboard'],
      risk: 'low',
      stopsOnBargeIn: false,
      plan: async ({ text }) =>
        plainPlan(planWords('write-clipboard', { text: oneLine(text, 80) }), ['clipboard'], { details: [{ name: 'content', text }] }),
      async run({ text }, { signal }) {
        const former = await require().readClipboard();
        signal.throwIfAborted();
        await require().writeClipboard(text);
        return { text: 'Copied.', outside: false, undo: async () => require().writeClipboard(former) };
      },
    }),
    defineTool({
      ...common,
      name: 'open_link',
      title: 'Open a link',
      description: "Opens a web address in the owner's browser.",
      keywords: ['browser', 'website', 'url', 'link', 'seite', 'öffnen', 'webseite'],
      input: z.object({ url: z.string().trim().min(1).max(2_000) }),
      rights: ['open'],
      risk: 'low',
      stopsOnBargeIn: false,
      async plan({ url }) {
        const { href } = parseUrl(url);
        return plainPlan(planWords('open-link', { address: href }), ['open'], {
          details: [{ name: 'address', text: href }],
        });
      },
      async run({ url }) {
        await require().openExternal(parseUrl(url).href);
        return { text: 'Opened.', outside: false };
      },
    }),
    defineTool({
      ...common,
      name: 'notify',
      title: 'Show a notification',
      description: "Shows a short notification on the owner's screen.",
      keywords: ['notification', 'message', 'hinweis', 'benachrichtigung', 'meldung'],
      input: z.object({ title: z.string().trim().min(1).max(80), text: z.string().trim().max(300).default('') }),
      rights: ['notify'],
      risk: 'none',
      plan: async ({ title, text }) =>
        plainPlan(planWords('notify', { title: oneLine(title, 80) }), ['notify'], {
          details: [{ name: 'content', text: `${title}\n${text}` }],
        }),
      async run({ title, text }, { tainted, asker, language }) {
        // It has the look of the app: whoever reads it must know that the words may be somebody else's.
        const isOutside = tainted || standingOf(asker) === 'outsider';
        require().notify(isOutside ? `${language === 'de' ? 'Von außen' : 'From outside'}: ${title}` : title, text);
        return { text: 'Shown.', outside: false };
      },
    }),
  ];
}
