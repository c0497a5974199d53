import { useState } from 'react';
import { useServices } from '../../app/services.ts';
import type { ExportFormat } from '../../stores/call-log-store.ts';
import { saveBlob } from '../../ui/save-blob.ts';
import { createRecordExport, type ExportProgress } from './record-export.ts';

export const EXPORT_FORMATS = ['markdown', 'json', 'csv'] as const satisfies readonly ExportFormat[];

/** Saves records as a file; without ids all that the log shows. `isBusy`: nothing else is saved now. `isSaving`: it takes a while, as a long log does. */
export function useRecordExport(): {
  save: (format: ExportFormat, callIds?: string[]) => void;
  isBusy: boolean;
  isSaving: boolean;
} {
  const services = useServices();
  const [progress, setProgress] = useState<ExportProgress>('idle');
  const [save] = useState(() => createRecordExport({ ...services, saveBlob, onProgress: setProgress }));
  return { save, isBusy: progress !== 'idle', isSaving: progress === 'long' };
}
