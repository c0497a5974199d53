import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';

/** Keeps a fault in one part from emptying the window, and offers a way on. A new `key` starts the part again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Fault onAgain={() => this.setState({ failed: false })} />;
  }
}

function Fault({ onAgain }: { onAgain: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex h-full flex-col items-start justify-center gap-4 p-8">
      <h2 className="text-title font-semibold">{t('boundary.title')}</h2>
      <p className="max-w-[36rem] text-quiet">{t('boundary.text')}</p>
      <div className="flex gap-2">
        <Button look="main" onClick={onAgain}>
          {t('boundary.again')}
        </Button>
        <Button onClick={() => location.reload()}>{t('boundary.reload')}</Button>
      </div>
    </div>
  );
}
