import { useTranslation } from 'react-i18next';
import { useServices, useSetting } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';

/** Before the first word: one example and one way to try it. */
export function EmptyConversation() {
  const { t } = useTranslation();
  const { chat, view } = useServices();
  const speak = useSetting('voice.speakTyped', false);
  const example = t('chat.examples.one');
  return (
    <div className="flex min-h-0 grow flex-col overflow-y-auto px-6 pb-6 round:px-4">
      <h2 className="mt-auto text-title font-semibold">{t('chat.emptyTitle')}</h2>
      <p className="mt-1 text-quiet">{t('chat.emptyText')}</p>
      <div className="mt-4">
        <Button onClick={() => void chat.getState().send(example, speak).catch(view.getState().fail)}>{example}</Button>
      </div>
    </div>
  );
}
