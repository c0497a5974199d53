import { useServices } from '../../app/services.ts';
import type { ExportFormat } from '../../stores/call-log-store.ts';
import { saveBlob } from '../../ui/save-blob.ts';

export const EXPORT_FORMATS = ['markdown', 'json', 'csv'] as const satisfies readonly ExportFormat[];

const TYPES: Record<ExportFormat, string> = { markdown: 'text/markdown', json: 'application/json', csv: 'text/csv' };

/** Saves records as a file; without ids all that the log shows. */
export function useRecordExport(): (format: ExportFormat, callIds?: string[]) => void {
  const { callLog, view } = useServices();
  return (format, callIds) => {
    const { fail, toast } = view.getState();
    callLog
      .getState()
      .exported(format, callIds)
      .then(({ fileName, content }) => {
        saveBlob(new Blob([content], { type: TYPES[format] }), fileName);
        toast({ kind: 'done', content: { key: 'exported', values: { fileName } } });
      })
      .catch(fail);
  };
}
