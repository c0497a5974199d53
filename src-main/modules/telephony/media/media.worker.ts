import { systemClock } from '../../../base/clock.ts';
import { serveWorker, type WorkerHost } from '../../../platform/workers/worker-host.ts';
import type { MediaEvent, MediaMethods } from '../telephony.ts';
import { createMediaService } from './media-service.ts';
import { warmUpLegs } from './warm-up.ts';

warmUpLegs(systemClock);
const service = createMediaService({
  clock: systemClock,
  emit: (event) => host.emit(event),
  // One leg's mistake must not silence the others; what is printed here goes into the log.
  onError: (error) => console.error('A leg failed:', error),
});

const host: WorkerHost<MediaEvent> = serveWorker<MediaMethods, MediaEvent>({
  // A frame has five milliseconds to leave in; its work takes a twentieth of one.
  niceness: -10,
  methods: {
    listen: (params) => service.listen(params),
    'listen.open': (params) => service.listenOpen(params),
    'leg.open': (params) => service.open(params),
    'leg.close': (params) => service.close(params),
    'leg.command': (params) => service.command(params),
    'leg.play': (params) => service.play(params),
    'leg.silence': (params) => service.silence(params),
    'leg.listen': (params) => service.setListening(params),
    statistics: () => service.statistics(),
  },
  onPort: (link, port) => service.attachPort(link, port),
  onShutdown: () => service.dispose(),
});
