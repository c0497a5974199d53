import { ArrowUp, FileText, Square, Volume2, VolumeX } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useChat, useKill, useServices, useSetting, useView } from '../../app/services.ts';
import { isSilenced } from '../../stores/kill-store.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** The typed way in. Enter sends, Shift+Enter begins a line. A question that could not be sent comes back, unless the next one is being typed. */
export function Composer() {
  const { t } = useTranslation();
  const { chat, view, settings } = useServices();
  const actions = useActions();
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const inputRef = useRef<HTMLTextAreaElement>(null);
  const focusRequest = useView((state) => state.inputFocusRequest);
  const answering = useChat((state) => state.live !== undefined);
  const speak = useSetting('voice.speakTyped', false);
  const isOff = useKill((state) => isSilenced(state.kill));
  const cutOnly = useKill((state) => state.kill?.level === 0);
  const focusKey = useKeyName('focusInput');
  const { fail } = view.getState();

  useEffect(() => {
    if (focusRequest > 0) inputRef.current?.focus();
  }, [focusRequest]);

  const send = async (): Promise<void> => {
    const question = text.trim();
    if (question === '' || sending || isOff) return;
    setSending(true);
    setText('');
    // At once: the next words may be typed while this question is on its way.
    inputRef.current?.focus();
    try {
      await chat.getState().send(question, speak);
    } catch (error) {
      setText((typedSince) => (typedSince === '' ? text : typedSince));
      fail(error);
    } finally {
      setSending(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      className="flex min-w-0 grow items-end gap-1 rounded-base border border-edge bg-raised p-1 focus-within:border-listening"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <IconButton
        label={t('tools.page.title')}
        shortcut={useKeyName('sharePage')}
        aria-haspopup="dialog"
        size="small"
        className="mb-1"
        disabled={isOff}
        onClick={() => view.setState({ sharePageOpen: true })}
      >
        <FileText size="1.125rem" aria-hidden="true" />
      </IconButton>
      <textarea
        ref={inputRef}
        value={text}
        rows={1}
        maxLength={20_000}
        aria-label={t('chat.inputLabel')}
        aria-keyshortcuts={focusKey}
        // What was typed already stays: only the pen is taken away.
        disabled={isOff}
        placeholder={t(isOff ? (cutOnly ? 'stop.composerCut' : 'stop.composer') : 'chat.placeholder')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="composer-input min-h-10 disabled:text-quiet min-w-0 grow resize-none bg-transparent px-1.5 py-2 text-base outline-none placeholder:text-quiet"
      />
      <IconButton
        label={t('chat.speakAnswer')}
        aria-pressed={speak}
        onClick={() => void settings.getState().set('voice.speakTyped', !speak).catch(fail)}
      >
        {speak ? <Volume2 size="1.125rem" aria-hidden="true" /> : <VolumeX size="1.125rem" aria-hidden="true" />}
      </IconButton>
      {answering && text.trim() === '' ? (
        <IconButton label={t('stage.stop')} onClick={actions.stop} className="text-danger-text!">
          <Square size="1rem" fill="currentColor" aria-hidden="true" />
        </IconButton>
      ) : (
        <IconButton
          label={t('chat.send')}
          type="submit"
          disabled={text.trim() === '' || sending || isOff}
          className="bg-accent-fill! text-on-accent! hover:brightness-110 disabled:bg-hover! disabled:text-quiet!"
        >
          <ArrowUp size="1.125rem" aria-hidden="true" />
        </IconButton>
      )}
    </form>
  );
}
