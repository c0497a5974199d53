import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { captionWords } from '../features/stage/caption.ts';
import { useStageCharacter } from '../features/face/use-stage-character.ts';
import { useStageState } from '../features/stage/use-stage-state.ts';
import { usePlanWords } from '../features/tools/use-plan-words.ts';
import { useStopWords } from '../features/stop/stop-words.ts';
import { isStopped } from '../stores/kill-store.ts';
import { rungCall } from '../stores/phone-store.ts';
import { useHands, useKill, usePhone, useServices } from './services.ts';
import { useKeyName } from './use-key-name.ts';

/**
 * What screen readers hear without asking: changes of state, and each answer once it is finished. Not the single words of a growing answer, and an
 * answer that is spoken aloud only after its voice has ended.
 */
export function Announcer() {
  const { t } = useTranslation();
  const { chat } = useServices();
  const { words } = useStageState();
  const { name } = useStageCharacter();
  const [answer, setAnswer] = useState({ id: '', text: '' });

  useEffect(
    () =>
      chat.subscribe((now, before) => {
        if (!before.live || now.live || now.currentId !== before.currentId) return;
        const finished = now.messages.find((message) => message.id === before.live?.messageId);
        // Read out as it would be spoken, without markdown's marks.
        const text = captionWords(finished?.text ?? before.live.text)
          .map((word) => word.text)
          .join(' ');
        if (text !== '') setAnswer({ id: before.live.messageId, text: t('announce.answered', { name, text }) });
      }),
    [chat, t, name],
  );

  return (
    <div className="sr-only">
      <output>{t(`stage.state.${words}.title`)}</output>
      <div aria-live="polite">
        {/* A node of its own for each answer: the same words twice would be no change, and not be read out again. */}
        <p key={answer.id}>{answer.text}</p>
      </div>
      <Urgent />
    </div>
  );
}

/** What does not wait for a pause: a stop, and a question that runs out. */
function Urgent() {
  const { t } = useTranslation();
  const words = useStopWords();
  const lineOf = usePlanWords();
  const kill = useKill((state) => state.kill);
  const approval = useHands((state) => state.approvals[0]);
  const ringing = usePhone(rungCall);
  const keys = { answer: useKeyName('callAnswer'), assistant: useKeyName('callAssistant'), message: useKeyName('callMessage') };
  return (
    <div aria-live="assertive">
      {kill && isStopped(kill) && <p>{t('announce.stopped', { title: words.title(kill), circumstances: words.circumstances(kill) })}</p>}
      {ringing && (
        // Said again when the caller has said more about themselves.
        <p key={`${ringing.id} ${ringing.screeningText}`}>
          {t('calls.ringing.announce', {
            name: ringing.party.name || ringing.party.number || t('calls.withheld'),
            standing: t(`calls.standings.${ringing.party.standing}`),
            text: ringing.screeningText,
          })}{' '}
          {t('calls.ringing.keys', keys)}
        </p>
      )}
      {approval && <p key={approval.id}>{t('announce.asks', { summary: lineOf(approval.plan) })}</p>}
    </div>
  );
}
