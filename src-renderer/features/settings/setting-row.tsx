import { RotateCcw } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Setting, SettingValue } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { SecretField, type SecretName } from '../models/secret-field.tsx';
import { SettingControl } from './setting-control.tsx';
import { useSettingWords } from './setting-words.ts';

/** One setting: its name, what a change does, its control, and the way back to the default. In effect at once. */
export function SettingRow({ setting, isSought }: { setting: Setting; isSought: boolean }) {
  const { t } = useTranslation();
  const { settings, view } = useServices();
  const words = useSettingWords()(setting);
  const rowRef = useRef<HTMLDivElement>(null);
  const id = useId();
  const { fail } = view.getState();
  const secret = secretOf(setting.key);
  const isChanged = setting.value !== setting.defaultValue;

  useEffect(() => {
    if (!isSought) return;
    rowRef.current?.scrollIntoView({ block: 'center' });
    rowRef.current?.querySelector<HTMLElement>('button, input, select, textarea, [role="slider"]')?.focus({ preventScroll: true });
  }, [isSought]);

  const set = (value: SettingValue): void => void settings.getState().set(setting.key, value).catch(fail);
  return (
    <div
      ref={rowRef}
      className={classNames('flex flex-wrap items-center gap-x-6 gap-y-2 py-3.5', isSought && '-mx-3 rounded-base bg-hover px-3')}
    >
      <div className="min-w-[min(12rem,100%)] flex-1">
        <label htmlFor={`${id}control`} className="font-medium">
          {words.title}
        </label>
        {words.hint !== '' && (
          <p id={`${id}hint`} className="text-small text-quiet">
            {words.hint}
          </p>
        )}
      </div>
      <div className="flex max-w-full min-w-0 items-center gap-1">
        <SettingControl
          id={`${id}control`}
          setting={setting}
          words={words}
          describedBy={words.hint === '' ? undefined : `${id}hint`}
          onChange={set}
        />
        <IconButton
          label={t('settings.resetNamed', { title: words.title })}
          size="small"
          disabled={!isChanged}
          className={classNames(!isChanged && 'invisible')}
          onClick={() => void settings.getState().reset(setting.key).catch(fail)}
        >
          <RotateCcw size="0.9375rem" aria-hidden="true" />
        </IconButton>
      </div>
      {secret && (
        <div className="w-full max-w-md">
          <SecretField name={secret.name} label={t(`settings.secrets.${secret.words}`)} optional={secret.optional} />
        </div>
      )}
    </div>
  );
}

/** Keys that belong to a setting; they are stored apart and never come back. */
const SECRETS = {
  'character.s3AccessKey': { name: 'characters.s3SecretKey', words: 's3SecretKey', optional: false },
  'character.generatorUrl': { name: 'images.apiKey', words: 'generatorKey', optional: true },
  'character.filmServerUrl': { name: 'films.token', words: 'filmServerToken', optional: true },
} as const satisfies Record<string, { name: SecretName; words: string; optional: boolean }>;

function secretOf(key: string): (typeof SECRETS)[keyof typeof SECRETS] | undefined {
  return Object.entries(SECRETS).find(([setting]) => setting === key)?.[1];
}
