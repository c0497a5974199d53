import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { usePhone, useServices, useSoftphone } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { isTalking } from '../../stores/phone-store.ts';
import { Button } from '../../ui/button.tsx';

/** What is wrong with a call, worst first: this page's own microphone is known here at once. */
export function CallTrouble({ call }: { call: PhoneCall }) {
  const { t, i18n } = useTranslation();
  const { view } = useServices();
  const isHere = usePhone((state) => state.isTelephone);
  const microphone = useSoftphone((state) => state.microphone);
  const replaced = useSoftphone((state) => state.replaced);
  const isSpoken = isHere && isTalking(call) && call.state.by === 'owner';
  const hasNone = isSpoken && (microphone === 'none' || microphone === 'denied');
  const own = hasNone ? t(`calls.microphone.${microphone}`) : isSpoken && replaced ? t('calls.microphone.replaced', replaced) : undefined;
  const words = (hasNone ? own : undefined) ?? (call.trouble && errorText(i18n, call.trouble)) ?? own;
  if (!words) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 text-small text-needs-you-text">
      <p role="alert" className="flex min-w-[min(14rem,100%)] flex-1 items-center gap-2">
        <TriangleAlert size="1rem" aria-hidden="true" className="flex-none" />
        {words}
      </p>
      {words === own && (
        <Button className="min-h-8 px-3 text-small!" onClick={() => view.getState().show('settings', 'talk.microphone')}>
          {t('calls.microphone.choose')}
        </Button>
      )}
    </div>
  );
}
