import { useCallback } from 'react';
import { useServices } from '../../app/services.ts';
import { pageFromFile } from './page-from-file.ts';

/** Shows the text of a file to the assistant; says so when it is none that can be shown. Resolves with whether it is shown. */
export function useShareFile(): (file: File) => Promise<boolean> {
  const { hands, view } = useServices();
  return useCallback(
    async (file) => {
      const { fail, toast } = view.getState();
      try {
        const page = await pageFromFile(file);
        if (page) await hands.getState().sharePage(page);
        else toast({ kind: 'problem', content: { key: 'notAPage', values: { fileName: file.name } } });
        return page !== undefined;
      } catch (error) {
        fail(error);
        return false;
      }
    },
    [hands, view],
  );
}
