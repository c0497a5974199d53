import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../../../base/clock.ts';
import type { Config } from '../../../platform/config/index.ts';
import { defineTool } from '../define-tool.ts';
import { planWords } from '../plan-words.ts';
import { oneLine } from '../tool-text.ts';
import { place } from '../tools-config.ts';
import { toolError, toolReason } from '../tools-errors.ts';
import type { Tool } from '../tools.ts';
import type { Workspace } from '../workspace.ts';
import { formatBytes } from './format-bytes.ts';
import { plainPlan } from './plain-plan.ts';

/** A page that the owner shows; text from outside. */
export interface SharedPage {
  address: string;
  title: string;
  text: string;
}

interface HereAndNowDependencies {
  clock: Pick<Clock, 'wallMs'>;
  config: Pick<Config, 'get'>;
  workspace: Pick<Workspace, 'folder'>;
  homeDirectory: string;
  sharedPage: () => SharedPage | undefined;
}

/** What the machine knows without touching anything. */
export function createHereAndNowTools(deps: HereAndNowDependencies): Tool[] {
  return [dateAndTime(deps), placeTool(deps), diskSpace(deps), readSharedPage(deps)];
}

const base = { risk: 'none', timeoutMs: 5_000 } as const;

function dateAndTime({ clock }: HereAndNowDependencies): Tool {
  return defineTool({
    ...base,
    name: 'date_and_time',
    title: 'Date and time',
    description: 'The date, time and weekday, here or in another time zone (IANA name such as Asia/Tokyo).',
    keywords: ['clock', 'today', 'weekday', 'uhrzeit', 'datum', 'heute', 'wochentag'],
    isCommon: true,
    cost: 1,
    input: z.object({ zone: z.string().trim().max(60).optional() }),
    rights: [],
    plan: async () => plainPlan(planWords('look-at-clock')),
    async run({ zone }) {
      try {
        const format = new Intl.DateTimeFormat('en-GB', {
          dateStyle: 'full',
          timeStyle: 'long',
          ...(zone === undefined ? {} : { timeZone: zone }),
        });
        return { text: format.format(clock.wallMs()), outside: false };
      } catch (error) {
        throw toolError('tools.bad-time', { time: oneLine(zone ?? '', 60) }, error);
      }
    },
  });
}

function placeTool({ config }: HereAndNowDependencies): Tool {
  return defineTool({
    ...base,
    name: 'place',
    title: 'Where the owner lives',
    description: 'The place that the owner has set.',
    keywords: ['location', 'city', 'where', 'ort', 'stadt', 'wo', 'wohnort'],
    isCommon: false,
    cost: 1,
    input: z.object({}),
    rights: [],
    plan: async () => plainPlan(planWords('look-up-place')),
    async run() {
      const text = config.get(place);
      if (text === '') throw toolError('tools.no-place');
      return { text, outside: false };
    },
  });
}

/** `home: 1.2 TB free of 2.0 TB` for each disk that matters. */
function diskSpace({ workspace, homeDirectory }: HereAndNowDependencies): Tool {
  return defineTool({
    ...base,
    name: 'disk_space',
    title: 'Free disk space',
    description: "Free space on the disk of the workspace and of the owner's home.",
    keywords: ['disk', 'space', 'storage', 'free', 'speicherplatz', 'festplatte', 'frei', 'platte'],
    isCommon: false,
    cost: 1,
    input: z.object({}),
    rights: [],
    plan: async () => plainPlan(planWords('look-at-disk')),
    async run() {
      const folders = { workspace: await workspace.folder(), home: homeDirectory };
      const lines: string[] = [];
      for (const [name, folder] of Object.entries(folders)) {
        const { bavail, blocks, bsize } = await statfs(folder);
        lines.push(
          `${name}: ${formatBytes(bavail * bsize)} free of ${formatBytes(blocks * bsize)} (${bavail * bsize} of ${blocks * bsize} bytes)`,
        );
      }
      return { text: lines.join('\n'), outside: false };
    },
  });
}

function readSharedPage({ sharedPage }: HereAndNowDependencies): Tool {
  return defineTool({
    ...base,
    name: 'read_shared_page',
    title: 'Read the shared page',
    description: 'Reads the page that the owner is showing the assistant.',
    keywords: ['page', 'browser', 'article', 'website', 'seite', 'artikel', 'geteilt', 'lesen'],
    // Offered while there is one, so that "what does it say?" needs no search.
    isCommon: true,
    unavailable: () => (sharedPage() === undefined ? toolReason('tools.no-page') : undefined),
    cost: 4,
    input: z.object({ fromCharacter: z.number().int().min(0).default(0) }),
    rights: [],
    plan: async () => plainPlan(planWords('read-page')),
    async run({ fromCharacter }) {
      const page = sharedPage();
      if (!page) throw toolError('tools.no-page');
      return { text: `${page.title}\n${page.address}\n\n${page.text.slice(fromCharacter, fromCharacter + 7_000)}`, outside: true };
    },
  });
}
