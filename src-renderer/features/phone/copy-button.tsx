import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';

const SAID_MS = 2000;

export function CopyButton({ text, name }: { text: string; name?: string }) {
  const { t } = useTranslation();
  const { view } = useServices();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const words = t(copied ? 'common.copied' : 'common.copy');
  return (
    <Button
      className="min-h-8 px-3 text-small!"
      aria-label={name === undefined ? undefined : `${words}: ${name}`}
      icon={copied ? <Check size="0.875rem" aria-hidden="true" /> : <Copy size="0.875rem" aria-hidden="true" />}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true), view.getState().fail)}
    >
      {words}
    </Button>
  );
}
