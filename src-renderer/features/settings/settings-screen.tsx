import { ChevronRight, Hand, Search } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Setting } from '../../../src-preload/contract/index.ts';
import { useServices, useSettings, useView } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { TextField } from '../../ui/text-field.tsx';
import { PhoneCheckUp, PhoneSettings } from '../phone/phone-settings.tsx';
import { MicrophoneTest } from '../onboarding/microphone-test.tsx';
import { Backups } from './backups.tsx';
import { CheckUp } from './check-up.tsx';
import { SettingRow } from './setting-row.tsx';
import { useSettingWords } from './setting-words.ts';
import { searchSettings, SUBJECTS, subjectsOf, type Subject } from './settings-search.ts';
import { VoiceSample } from './voice-sample.tsx';

/** Where is the thing I want to change? A page for each subject, and a search over all of them. */
export function SettingsScreen() {
  const { t } = useTranslation();
  const { settings: store, view } = useServices();
  const settings = useSettings((state) => state.settings);
  const sought = useView((state) => state.soughtSetting);
  const [chosen, setChosen] = useState<Subject>();
  const [query, setQuery] = useState('');
  const [answered, setAnswered] = useState(sought);
  const wordsOf = useSettingWords();
  // Sought while this screen is open: the page and the search that were chosen before make way.
  if (sought !== answered) {
    setAnswered(sought);
    if (sought) {
      setChosen(undefined);
      setQuery('');
    }
  }
  const subjects = pages(settings);
  const soughtSubject = subjectOf(settings, sought?.key);
  const subject = chosen ?? soughtSubject ?? subjects[0] ?? 'talk';
  useEffect(() => {
    store.getState().load().catch(view.getState().fail);
  }, [store, view]);
  const textOf = (setting: Setting): string => {
    const words = wordsOf(setting);
    return [words.title, words.hint, ...(setting.choices ?? []).map(words.choice)].join(' ');
  };
  const found = query.trim() === '' ? undefined : searchSettings(settings, query, textOf);

  return (
    <div className="flex h-full min-h-0 round:flex-col band:flex-col">
      <div className="flex flex-none flex-col gap-4 border-line px-6 pt-8 pb-4 wide:w-64 wide:border-r round:px-4 round:pt-5">
        <h1 className="text-title font-semibold">{t('settings.title')}</h1>
        <div className="relative">
          <Search size="1rem" aria-hidden="true" className="absolute top-1/2 left-3 -translate-y-1/2 text-quiet" />
          <TextField
            type="search"
            value={query}
            aria-label={t('settings.searchLabel')}
            placeholder={t('common.search')}
            onChange={(event) => setQuery(event.target.value)}
            className="pl-9"
          />
        </div>
        <nav aria-label={t('settings.title')} className="flex gap-1 wide:flex-col round:flex-wrap band:flex-wrap">
          {subjects.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={!found && name === subject ? 'page' : undefined}
              onClick={() => {
                setChosen(name);
                setQuery('');
              }}
              className={classNames(
                'min-h-9 rounded-base px-3 text-left transition-colors hover:bg-hover',
                !found && name === subject ? 'bg-hover font-medium' : 'text-quiet hover:text-text',
              )}
            >
              {t(`settings.subjects.${name}`)}
            </button>
          ))}
        </nav>
      </div>
      <div className="min-h-0 min-w-0 grow overflow-y-auto px-8 py-8 round:px-4 round:py-4">
        <div className="mx-auto max-w-[44rem]">
          {found ? (
            <Found settings={found} />
          ) : (
            // A page of its own for each request: its fold opens and its row comes into view again.
            <SubjectPage
              key={chosen ?? `${subject} ${sought?.request ?? ''}`}
              subject={subject}
              settings={settings}
              sought={chosen ? undefined : sought?.key}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** The check-up and the backups make an Advanced page even where no setting does, and the exchange one of the phone. */
function pages(settings: readonly Setting[]): Subject[] {
  const subjects = new Set([...subjectsOf(settings), 'phone', 'advanced']);
  return SUBJECTS.filter((subject) => subjects.has(subject));
}

function subjectOf(settings: readonly Setting[], sought: string | undefined): Subject | undefined {
  if (sought === 'backups') return 'advanced';
  if (sought === 'phone') return 'phone';
  const setting = settings.find((candidate) => candidate.key === sought);
  return setting && pages(settings).find((subject) => subject === setting.subject);
}

function Found({ settings }: { settings: readonly Setting[] }) {
  const { t } = useTranslation();
  if (settings.length === 0) return <p className="text-quiet">{t('common.noResults')}</p>;
  return (
    <Rows>
      {settings.map((setting) => (
        <SettingRow key={setting.key} setting={setting} isSought={false} />
      ))}
    </Rows>
  );
}

interface SubjectPageProps {
  subject: Subject;
  settings: readonly Setting[];
  sought: string | undefined;
}

function SubjectPage({ subject, settings, sought }: SubjectPageProps) {
  const { t } = useTranslation();
  const { view } = useServices();
  const own = settings.filter((setting) => setting.subject === subject);
  const common = own.filter((setting) => setting.level === 'common');
  const advanced = own.filter((setting) => setting.level === 'advanced');
  const [open, setOpen] = useState(advanced.some((setting) => setting.key === sought));
  const rows = (list: readonly Setting[]) => (
    <Rows>
      {list.map((setting) => (
        <SettingRow key={setting.key} setting={setting} isSought={setting.key === sought} />
      ))}
    </Rows>
  );
  return (
    <section aria-label={t(`settings.subjects.${subject}`)} className="flex flex-col gap-6">
      <h2 className="text-large font-semibold">{t(`settings.subjects.${subject}`)}</h2>
      {subject === 'phone' && <PhoneSettings />}
      {common.length > 0 && rows(common)}
      {subject === 'talk' && <MicrophoneTest offersChoice={false} />}
      {subject === 'voice' && <VoiceSample />}
      {subject === 'tools' && (
        <div>
          <Button icon={<Hand size="1rem" aria-hidden="true" />} onClick={() => view.getState().show('hands')}>
            {t('rail.hands')}
          </Button>
        </div>
      )}
      {subject === 'shortcuts' && (
        <div>
          <Button onClick={() => view.setState({ keysOpen: true })}>{t('commands.keys')}</Button>
        </div>
      )}
      {advanced.length > 0 && (
        <Collapsible.Root open={open} onOpenChange={setOpen}>
          <Collapsible.Trigger className="group/fold flex min-h-9 items-center gap-2 rounded-base pr-3 text-quiet hover:text-text">
            <ChevronRight size="1.125rem" aria-hidden="true" className="transition-transform group-data-[state=open]/fold:rotate-90" />
            {t('settings.fold')}
          </Collapsible.Trigger>
          <Collapsible.Content className="mt-2">{rows(advanced)}</Collapsible.Content>
        </Collapsible.Root>
      )}
      {subject === 'phone' && <PhoneCheckUp />}
      {subject === 'advanced' && (
        <>
          <Backups isSought={sought === 'backups'} />
          <CheckUp />
        </>
      )}
    </section>
  );
}

function Rows({ children }: { children: ReactNode }) {
  return <div className="divide-y divide-line border-y border-line">{children}</div>;
}
