import { useCallback, useEffect, useState } from 'react';
import { useServices } from '../../app/services.ts';

/** Asks for what a page shows. `failed`: it did not come, which has been said; `again` is for the button that is there then. `load` stays the same function. */
export function useLoad(load: () => Promise<void>): { failed: boolean; again: () => void } {
  const { view } = useServices();
  const [failed, setFailed] = useState(false);
  const again = useCallback((): void => {
    load().then(
      () => setFailed(false),
      (error: unknown) => {
        setFailed(true);
        view.getState().fail(error);
      },
    );
  }, [load, view]);
  useEffect(again, [again]);
  return { failed, again };
}
