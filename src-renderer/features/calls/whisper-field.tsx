import { Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { TextField } from '../../ui/text-field.tsx';

/** A hint to the assistant that the other end does not hear. */
export function WhisperField({ callId }: { callId: string }) {
  const { t } = useTranslation();
  const { phone, view } = useServices();
  const [text, setText] = useState('');
  const [last, setLast] = useState('');
  const send = async (): Promise<void> => {
    const hint = text.trim();
    if (hint === '') return;
    setText('');
    try {
      await phone.getState().whisper(callId, hint);
      setLast(hint);
    } catch (error) {
      setText(hint);
      view.getState().fail(error);
    }
  };
  return (
    <form
      className="flex flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="flex items-center gap-1">
        <TextField
          value={text}
          maxLength={500}
          aria-label={t('calls.whisper.label')}
          placeholder={t('calls.whisper.placeholder')}
          onChange={(event) => setText(event.target.value)}
        />
        <IconButton type="submit" label={t('calls.whisper.send')} disabled={text.trim() === ''}>
          <Send size="1.125rem" aria-hidden="true" />
        </IconButton>
      </div>
      {last !== '' && <output className="truncate text-small text-quiet">{t('calls.whisper.sent', { text: last })}</output>}
    </form>
  );
}
