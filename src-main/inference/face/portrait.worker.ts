import { serveWorker } from '../../platform/workers/worker-host.ts';
import type { PortraitMethods } from '../contracts/index.ts';
import { createLiveService } from '../liveportrait/live-service.ts';
import { createPortraitService } from './portrait-service.ts';

const pictures = createPortraitService();
const live = createLiveService();

serveWorker<PortraitMethods>({
  methods: {
    load: (params) => pictures.load(params),
    analyse: (params) => pictures.analyse(params),
    fitAnchors: (params) => pictures.fitAnchors(params),
    prepare: (params) => pictures.prepare(params),
    openLive: (params) => live.open(params),
    closeLive: ({ portraitId }) => live.close(portraitId),
  },
  onPort: live.attachPort,
  async onShutdown() {
    await live.dispose();
    await pictures.dispose();
  },
});
