export { createCallRecorder } from './call-recorder.ts';
export { createCallSummariser } from './call-summary.ts';
export { createPhoneDoctor, phoneProbes } from './phone-doctor.ts';
export { createRecordingLinks, RECORDINGS_PATH } from './recording-links.ts';
export { createRecordingKeeper } from './recording-keeper.ts';
export { createRecordings } from './recordings.ts';
export { createRecordsHandlers } from './records-handlers.ts';
export { createRemovals } from './removals.ts';
