import { FileText } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FileButton } from '../../ui/file-button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { SHARED_CHARACTERS, sharedPage } from './page-from-file.ts';
import { useShareFile } from './use-share-file.ts';

/** Shows the assistant a text from outside: pasted, or out of a file. */
export function SharePageDialog() {
  const { t } = useTranslation();
  const { hands, view } = useServices();
  const shareFile = useShareFile();
  const [text, setText] = useState('');
  const [address, setAddress] = useState('');
  const [sending, setSending] = useState(false);
  const close = (): void => view.setState((state) => ({ sharePageOpen: false, inputFocusRequest: state.inputFocusRequest + 1 }));
  const share = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (sending || text.trim() === '') return;
    setSending(true);
    try {
      await hands.getState().sharePage(sharedPage({ address, title: '', text }));
      close();
    } catch (error) {
      view.getState().fail(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <Dialog open onClose={close} title={t('tools.page.title')}>
      <form className="flex min-h-0 flex-col gap-4 overflow-y-auto p-5" onSubmit={(event) => void share(event)}>
        <p className="text-quiet">{t('tools.page.hint')}</p>
        <Labelled label={t('tools.page.text')}>
          {(id) => (
            <TextArea id={id} value={text} rows={6} maxLength={SHARED_CHARACTERS} onChange={(event) => setText(event.target.value)} />
          )}
        </Labelled>
        <Labelled label={t('tools.page.address')}>
          {(id) => (
            <TextField
              id={id}
              value={address}
              maxLength={2000}
              autoComplete="off"
              placeholder="https://"
              onChange={(event) => setAddress(event.target.value)}
            />
          )}
        </Labelled>
        <div className="flex flex-wrap justify-end gap-2">
          <FileButton
            accept=".html,.htm,.txt,.md,.csv,.eml,text/*"
            icon={<FileText size="1rem" aria-hidden="true" />}
            onFile={(file) => void shareFile(file).then((isShown) => isShown && close())}
          >
            {t('tools.page.file')}
          </FileButton>
          <Button look="main" type="submit" disabled={sending || text.trim() === ''}>
            {t('tools.page.show')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
