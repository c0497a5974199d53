import { systemClock } from '../../base/clock.ts';
import { serveWorker, type WorkerHost } from '../../platform/workers/worker-host.ts';
import type { RecognitionEvent, RecognitionMethods } from '../contracts/index.ts';
import { createRecognitionService, openHearing } from './recognition-service.ts';

const service = createRecognitionService({ clock: systemClock, openHearing, emit: (event) => host.emit(event) });

const host: WorkerHost<RecognitionEvent> = serveWorker<RecognitionMethods, RecognitionEvent>({
  methods: {
    load: (params) => service.load(params),
    'session.open': (params) => service.open(params),
    'session.configure': (params) => service.configure(params),
    'session.endSpeech': (params) => service.endSpeech(params),
    'session.close': (params) => service.close(params),
    transcribe: (params) => service.transcribe(params),
  },
  onPort: (sessionId, port) => service.attachPort(sessionId, port),
});
