import { Check, Copy, RotateCcw, Volume2 } from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerProgress, Message } from '../../../src-preload/contract/index.ts';
import { useChat, useServices } from '../../app/services.ts';
import { formatSeconds, formatTime } from '../../i18n/format.ts';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useStageCharacter } from '../face/use-stage-character.ts';
import { Answer } from './answer.tsx';

interface MessageRowProps {
  message: Message;
  /** The same message while it is written or spoken. */
  live: AnswerProgress | undefined;
  isLast: boolean;
  /** Words that are still being spoken. */
  isPending: boolean;
}

export const MessageRow = memo(function MessageRow({ message, live, isLast, isPending }: MessageRowProps) {
  if (message.role === 'user') return <Question message={message} isPending={isPending} />;
  return <AnswerRow message={message} live={live} isLast={isLast} />;
});

/** The owner's words: right, quiet. */
function Question({ message, isPending }: Pick<MessageRowProps, 'message' | 'isPending'>) {
  const { t, i18n } = useTranslation();
  return (
    <div className="group flex flex-row-reverse items-baseline gap-3 pt-5 pb-2">
      <span className="sr-only">{t('chat.yours')}</span>
      <p
        className={classNames(
          'max-w-[85%] text-right [overflow-wrap:anywhere] whitespace-pre-wrap',
          isPending ? 'text-listening-text' : 'text-quiet',
        )}
      >
        {message.text}
      </p>
      {!isPending && (
        <time className="reveal flex-none text-small text-quiet" dateTime={new Date(message.createdAtMs).toISOString()}>
          {formatTime(i18n.language, message.createdAtMs)}
        </time>
      )}
    </div>
  );
}

function AnswerRow({ message, live, isLast }: Omit<MessageRowProps, 'isPending'>) {
  const { t } = useTranslation();
  const { name } = useStageCharacter();
  const interrupted = !live && message.status === 'interrupted';
  return (
    <div className="group py-2">
      <span className="sr-only">{t('chat.answer', { name })}</span>
      <Answer
        text={live?.text ?? message.text}
        isStreaming={live !== undefined}
        heardChars={live ? live.heardChars : message.heardChars}
        unheardLook={live ? 'to-come' : 'never-heard'}
      />
      {interrupted && <p className="mt-1 text-small text-quiet">{t('chat.interrupted')}</p>}
      {!live && message.status === 'failed' && <p className="mt-1 text-small text-danger-text">{t('chat.failed')}</p>}
      {!live && <AnswerTools message={message} isLast={isLast} />}
    </div>
  );
}

/** Time and tools of an answer; in view while the row has the pointer or the focus, and always under the last one. */
function AnswerTools({ message, isLast }: { message: Message; isLast: boolean }) {
  const { t, i18n } = useTranslation();
  const { bridge, view } = useServices();
  const latency = useChat((state) => state.latencies[message.id]?.e2e_latency);
  const [copied, setCopied] = useState(false);
  const { fail } = view.getState();
  const copy = (): void => {
    navigator.clipboard.writeText(message.text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    }, fail);
  };
  return (
    <div className={isLast ? 'mt-1 -ml-2 flex items-center' : 'reveal mt-1 -ml-2 flex items-center'}>
      <IconButton
        label={t('chat.readAloud')}
        size="small"
        onClick={() => void bridge.call('turn.readAloud', { messageId: message.id }).catch(fail)}
      >
        <Volume2 size="1rem" aria-hidden="true" />
      </IconButton>
      <IconButton label={copied ? t('common.copied') : t('chat.copyMessage')} size="small" onClick={copy}>
        {copied ? <Check size="1rem" aria-hidden="true" /> : <Copy size="1rem" aria-hidden="true" />}
      </IconButton>
      {isLast && (
        <IconButton
          label={t('chat.regenerate')}
          size="small"
          onClick={() => void bridge.call('turn.regenerate', { conversationId: message.conversationId }).catch(fail)}
        >
          <RotateCcw size="1rem" aria-hidden="true" />
        </IconButton>
      )}
      <span className="reveal ml-2 text-small text-quiet">
        <time dateTime={new Date(message.createdAtMs).toISOString()}>{formatTime(i18n.language, message.createdAtMs)}</time>
        {latency !== undefined && <> · {t('chat.latency', { seconds: formatSeconds(i18n.language, latency) })}</>}
      </span>
    </div>
  );
}
