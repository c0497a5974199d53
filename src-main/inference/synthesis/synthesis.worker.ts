import { systemClock } from '../../base/clock.ts';
import { serveWorker } from '../../platform/workers/worker-host.ts';
import type { SynthesisMethods } from '../contracts/index.ts';
import { createSynthesisService } from './synthesis-service.ts';
import { openVoices } from './voices.ts';

const service = createSynthesisService({ clock: systemClock, openVoices });

serveWorker<SynthesisMethods>({
  niceness: 3,
  methods: {
    load: (params) => service.load(params),
    voices: () => service.voices(),
    speak: (params, { signal }) => service.speak(params, signal),
    render: (params, { signal }) => service.render(params, signal),
    cancel: (params) => service.cancel(params),
  },
  onPort: (sessionId, port) => service.attachPort(sessionId, port),
  onShutdown: () => service.dispose(),
});
