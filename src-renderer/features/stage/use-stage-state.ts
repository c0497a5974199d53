import { useAudio, useCore, useSession } from '../../app/services.ts';
import { stageStateOf, type StageState } from './stage-state.ts';

export function useStageState(): StageState {
  const connection = useCore((state) => state.connection);
  const snapshot = useCore((state) => state.snapshot);
  const session = useSession((state) => state.session);
  const audio = useAudio((state) => state);
  return stageStateOf({ connection, snapshot, session, audio });
}
