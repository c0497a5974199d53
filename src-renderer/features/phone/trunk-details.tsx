import { ChevronRight } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import type { Trunk } from '../../../src-preload/contract/index.ts';
import { Segments } from '../../ui/segments.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { TextRow } from './text-row.tsx';
import type { TrunkField, TrunkForm } from './trunk-draft.ts';

const CODECS = ['g722', 'alaw', 'ulaw', 'opus'] as const satisfies Trunk['codecs'];

/** What only some providers want otherwise. */
export function TrunkDetails({
  form,
  wrongOf,
  onChange,
}: {
  form: TrunkForm;
  /** What is wrong with a field, in words. */
  wrongOf: (field: TrunkField) => string | undefined;
  onChange: (patch: Partial<TrunkForm>) => void;
}) {
  const { t } = useTranslation();
  return (
    <Collapsible.Root>
      <Collapsible.Trigger className="group/fold flex min-h-9 items-center gap-2 rounded-base pr-3 text-quiet hover:text-text">
        <ChevronRight size="1.125rem" aria-hidden="true" className="transition-transform group-data-[state=open]/fold:rotate-90" />
        {t('settings.fold')}
      </Collapsible.Trigger>
      <Collapsible.Content className="mt-2 grid gap-4 not-round:grid-cols-2">
        <TextRow
          label={t('phone.trunks.port')}
          wrong={wrongOf('port')}
          value={form.port}
          maxLength={5}
          mono
          onChange={(port) => onChange({ port })}
        />
        <div className="flex flex-col items-start gap-1">
          <span className="text-small text-quiet">{t('phone.trunks.transport')}</span>
          <Segments
            label={t('phone.trunks.transport')}
            value={form.transport}
            choices={(['udp', 'tcp', 'tls'] as const).map((value) => ({ value, label: value.toUpperCase() }))}
            onChange={(transport) =>
              onChange({
                transport,
                ...(transport === 'tls' && form.port === '5060'
                  ? { port: '5061' }
                  : transport !== 'tls' && form.port === '5061'
                    ? { port: '5060' }
                    : {}),
              })
            }
          />
        </div>
        <TextRow
          label={t('phone.trunks.authUser')}
          hint={t('phone.trunks.authUserHint')}
          wrong={wrongOf('authUser')}
          value={form.authUser}
          maxLength={120}
          mono
          onChange={(authUser) => onChange({ authUser })}
        />
        <TextRow
          label={t('phone.trunks.countryPrefix')}
          hint={t('phone.trunks.countryPrefixHint')}
          wrong={wrongOf('countryPrefix')}
          value={form.countryPrefix}
          maxLength={3}
          mono
          onChange={(countryPrefix) => onChange({ countryPrefix })}
        />
        <div className="flex items-start gap-3">
          <Toggle label={t('phone.trunks.registers')} checked={form.registers} onChange={(registers) => onChange({ registers })} />
          <div aria-hidden="true">
            <p>{t('phone.trunks.registers')}</p>
            <p className="text-small text-quiet">{t('phone.trunks.registersHint')}</p>
          </div>
        </div>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-small text-quiet">{t('phone.trunks.codecs')}</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-2">
            {CODECS.map((codec) => (
              <label key={codec} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 accent-(--listening)"
                  checked={form.codecs.includes(codec)}
                  onChange={(event) =>
                    // In our order, which is the order that they are offered in: the best first.
                    onChange({ codecs: CODECS.filter((other) => (other === codec ? event.target.checked : form.codecs.includes(other))) })
                  }
                />
                {t(`phone.trunks.codecNames.${codec}`)}
              </label>
            ))}
          </div>
        </fieldset>
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
