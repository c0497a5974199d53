import { Command } from 'cmdk';
import {
  AudioLines,
  Boxes,
  CornerDownLeft,
  Hand,
  ListChecks,
  MessageSquare,
  Phone,
  Settings2,
  SlidersHorizontal,
  UserRound,
  UsersRound,
  type LucideIcon,
} from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions, useCommands } from '../../app/actions-context.ts';
import { keyNames } from '../../app/commands.ts';
import { useCharacters, useChat, useCore, useServices, useSettings } from '../../app/services.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyName } from '../../ui/key-name.tsx';
import { useConversationTitle } from '../chat/use-conversation-title.ts';
import { useSettingWords } from '../settings/setting-words.ts';

/** Finds every screen, setting, conversation and action by a few letters. */
export function Palette() {
  const { t } = useTranslation();
  const { view, chat } = useServices();
  const commands = useCommands();
  const actions = useActions();
  const settings = useSettings((state) => state.settings);
  const characters = useCharacters((state) => state.characters);
  const conversations = useChat((state) => state.conversations);
  const platform = useCore((state) => state.snapshot?.platform ?? '');
  const wordsOf = useSettingWords();
  const titleOf = useConversationTitle();
  const close = (): void => view.setState({ paletteOpen: false });

  useEffect(() => {
    chat.getState().loadConversations().catch(view.getState().fail);
  }, [chat, view]);

  return (
    <Dialog open onClose={close} title={t('palette.label')} titleHidden>
      <Command label={t('palette.label')} loop className="flex min-h-0 flex-col">
        <Command.Input
          placeholder={t('palette.placeholder')}
          className="h-14 flex-none border-b border-line bg-transparent px-5 text-large outline-none placeholder:text-quiet"
        />
        <Command.List className="min-h-0 overflow-y-auto p-2">
          <Command.Empty className="px-3 py-4 text-quiet">{t('palette.empty')}</Command.Empty>
          <Group heading={t('palette.screens')}>
            {SCREENS.map(({ screen, icon }) => (
              <Item key={screen} icon={icon} words={t(`rail.${screen}`)} run={() => view.getState().show(screen)} />
            ))}
          </Group>
          <Group heading={t('palette.actions')}>
            {commands
              .filter((command) => command.id !== 'palette' && !command.id.startsWith('show'))
              .map((command) => (
                <Item
                  key={command.id}
                  icon={CornerDownLeft}
                  words={t(`commands.${command.id}`)}
                  keys={keyNames(command.keys, platform, t('common.space'))}
                  run={() => {
                    close();
                    command.run();
                  }}
                />
              ))}
          </Group>
          <Group heading={t('palette.characters')}>
            {characters.map((character) => (
              <Item
                key={character.id}
                id={character.id}
                icon={UserRound}
                words={t('palette.switchTo', { name: character.name })}
                more={character.tags}
                run={() => {
                  close();
                  actions.switchTo(character.id);
                }}
              />
            ))}
          </Group>
          <Group heading={t('palette.settings')}>
            {settings.map((setting) => (
              <Item
                key={setting.key}
                icon={SlidersHorizontal}
                words={wordsOf(setting).title}
                more={[wordsOf(setting).hint]}
                run={() => view.getState().show('settings', setting.key)}
              />
            ))}
          </Group>
          <Group heading={t('palette.conversations')}>
            {conversations.slice(0, MAX_CONVERSATIONS).map((conversation) => (
              <Item
                key={conversation.id}
                id={conversation.id}
                icon={MessageSquare}
                words={titleOf(conversation)}
                run={() => {
                  close();
                  actions.openConversation(conversation.id);
                }}
              />
            ))}
          </Group>
        </Command.List>
      </Command>
    </Dialog>
  );
}

const SCREENS = [
  { screen: 'talk', icon: AudioLines },
  { screen: 'characters', icon: UsersRound },
  { screen: 'calls', icon: Phone },
  { screen: 'activity', icon: ListChecks },
  { screen: 'hands', icon: Hand },
  { screen: 'models', icon: Boxes },
  { screen: 'settings', icon: Settings2 },
] as const;
/** The list of conversations has its own search; here are the ones of the last weeks. */
const MAX_CONVERSATIONS = 100;

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group heading={heading} className="palette-group">
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  icon: LucideIcon;
  words: string;
  /** Further words to be found by. */
  more?: string[];
  /** Tells apart what has the same words. */
  id?: string;
  keys?: string;
  run: () => void;
}

function Item({ icon: Icon, words, more = [], id, keys, run }: ItemProps) {
  return (
    <Command.Item
      value={id === undefined ? words : `${words} ${id}`}
      keywords={more}
      onSelect={run}
      className="flex min-h-10 items-center gap-3 rounded-small px-3 data-[selected=true]:bg-hover"
    >
      <Icon size="1.125rem" className="flex-none text-quiet" aria-hidden="true" />
      <span className="min-w-0 grow truncate">{words}</span>
      {keys !== undefined && <KeyName keys={keys} />}
    </Command.Item>
  );
}
