import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult, ErrorData } from '../../../src-preload/contract/index.ts';
import { useKill, useServices } from '../../app/services.ts';
import { errorDataOf } from '../../bridge/index.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';

type Prepared = CallResult<'killswitch.prepareLift'>;

/** Starting again is a decision: the phrase is typed by hand, and the passphrase with it where there is one. */
export function LiftDialog() {
  const { t, i18n } = useTranslation();
  const { bridge, kill: store, view } = useServices();
  const passphraseSet = useKill((state) => state.kill?.passphraseSet ?? false);
  const isStopped = useKill((state) => (state.kill?.level ?? 0) > 0);
  const [prepared, setPrepared] = useState<Prepared>();
  const [phrase, setPhrase] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<ErrorData>();
  const [lifting, setLifting] = useState(false);
  const close = (): void => view.setState({ liftOpen: false });

  useEffect(() => {
    bridge.call('killswitch.prepareLift', {}).then(setPrepared, (error: unknown) => setProblem(errorDataOf(error)));
  }, [bridge]);
  useEffect(() => {
    // Lifted elsewhere meanwhile: there is nothing left to ask.
    if (!isStopped) view.setState({ liftOpen: false });
  }, [isStopped, view]);

  const lift = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (lifting) return;
    setLifting(true);
    setProblem(undefined);
    try {
      // The token is good for a minute; who types slowly gets another.
      const token = prepared && prepared.expiresAtMs > Date.now() ? prepared : await bridge.call('killswitch.prepareLift', {});
      setPrepared(token);
      await store.getState().lift({ token: token.token, phrase: phrase.trim(), ...(passphraseSet ? { passphrase } : {}) });
      view.getState().toast({ kind: 'done', content: { key: 'startedAgain' } });
      close();
    } catch (error) {
      setProblem(errorDataOf(error));
      // A token is good once, also for a wrong phrase.
      bridge.call('killswitch.prepareLift', {}).then(setPrepared, () => setPrepared(undefined));
    } finally {
      setLifting(false);
    }
  };

  const wanted = prepared?.phrase[i18n.language.startsWith('de') ? 'de' : 'en'];
  return (
    <Dialog open onClose={close} title={t('stop.liftTitle')}>
      <form className="flex flex-col gap-4 p-5" onSubmit={(event) => void lift(event)}>
        <p className="text-quiet">{t('stop.liftText')}</p>
        <p>
          {t('stop.liftPhrase')} <strong className="font-mono">{wanted ?? '…'}</strong>
        </p>
        <Labelled label={t('stop.phraseLabel')}>
          {(id) => (
            <TextField id={id} value={phrase} autoComplete="off" spellCheck={false} onChange={(event) => setPhrase(event.target.value)} />
          )}
        </Labelled>
        {passphraseSet && (
          <Labelled label={t('stop.passphrase')}>
            {(id) => (
              <TextField
                id={id}
                type="password"
                value={passphrase}
                autoComplete="off"
                onChange={(event) => setPassphrase(event.target.value)}
              />
            )}
          </Labelled>
        )}
        {problem && (
          <p role="alert" className="text-danger-text">
            {errorText(i18n, problem)}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{t('stop.stayStopped')}</Button>
          <Button look="main" type="submit" disabled={lifting || phrase.trim() === '' || (passphraseSet && passphrase === '')}>
            {t('stop.startAgain')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
