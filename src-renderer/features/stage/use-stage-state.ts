import { useAudio, useCore, useHands, useKill, usePhone, useSession } from '../../app/services.ts';
import { rungCall, shownCall } from '../../stores/phone-store.ts';
import { workingCall } from '../tools/call-facts.ts';
import { useToolName } from '../tools/use-tool-name.ts';
import { stageStateOf, type StageState } from './stage-state.ts';

export function useStageState(): StageState {
  const connection = useCore((state) => state.connection);
  const snapshot = useCore((state) => state.snapshot);
  const session = useSession((state) => state.session);
  const audio = useAudio((state) => state);
  const kill = useKill((state) => state.kill);
  const working = useHands((state) => workingCall(state.calls));
  const ringing = usePhone(rungCall);
  const current = usePhone(shownCall);
  const isTelephone = usePhone((state) => state.isTelephone);
  const nameOf = useToolName();
  const tool = working && nameOf(working.tool, working.source);
  return stageStateOf({ connection, snapshot, session, audio, kill, tool, calls: { ringing, current }, isTelephone });
}
