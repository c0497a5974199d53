import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAbilities } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Rows, Section } from './section.tsx';
import { ServerForm } from './server-form.tsx';
import { ServerRow } from './server-row.tsx';

/** Tools of other people's programs, by the Model Context Protocol. What they say counts as text from outside. */
export function ServersSection() {
  const { t } = useTranslation();
  const servers = useAbilities((state) => state.servers);
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title={t('hands.servers.title')}
      hint={t('hands.servers.hint')}
      action={!adding && <Button onClick={() => setAdding(true)}>{t('hands.servers.add')}</Button>}
    >
      {adding && <ServerForm onClose={() => setAdding(false)} />}
      {servers?.length === 0 && !adding && <p className="text-quiet">{t('hands.servers.empty')}</p>}
      {servers !== undefined && servers.length > 0 && (
        <Rows>
          {servers.map((server) => (
            <ServerRow key={server.id} server={server} />
          ))}
        </Rows>
      )}
    </Section>
  );
}
