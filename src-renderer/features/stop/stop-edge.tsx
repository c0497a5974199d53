import { useKill } from '../../app/services.ts';

/** Everything is off: the whole window says so, whatever it shows. */
export function StopEdge() {
  const isOff = useKill((state) => state.kill?.level === 5);
  return isOff && <div aria-hidden="true" data-stop-edge className="pointer-events-none fixed inset-0 z-60 border-4 border-danger" />;
}
