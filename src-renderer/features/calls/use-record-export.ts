import { useState } from 'react';
import { useServices } from '../../app/services.ts';
import type { ExportFormat } from '../../stores/call-log-store.ts';
import { saveBlob } from '../../ui/save-blob.ts';

export const EXPORT_FORMATS = ['markdown', 'json', 'csv'] as const satisfies readonly ExportFormat[];

const TYPES: Record<ExportFormat, string> = { markdown: 'text/markdown', json: 'application/json', csv: 'text/csv' };

/** What takes no longer needs no words. */
const BUSY_AFTER_MS = 400;

/** Saves records as a file; without ids all that the log shows. `isSaving`: it takes a while, as a long log does; nothing else is saved meanwhile. */
export function useRecordExport(): { save: (format: ExportFormat, callIds?: string[]) => void; isSaving: boolean } {
  const { callLog, view } = useServices();
  const [isSaving, setIsSaving] = useState(false);
  const save = (format: ExportFormat, callIds?: string[]): void => {
    if (isSaving) return;
    const { fail, toast } = view.getState();
    const timer = setTimeout(() => setIsSaving(true), BUSY_AFTER_MS);
    callLog
      .getState()
      .exported(format, callIds)
      .then(({ fileName, content }) => {
        saveBlob(new Blob([content], { type: TYPES[format] }), fileName);
        toast({ kind: 'done', content: { key: 'exported', values: { fileName } } });
      })
      .catch(fail)
      .finally(() => {
        clearTimeout(timer);
        setIsSaving(false);
      });
  };
  return { save, isSaving };
}
