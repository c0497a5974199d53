import { useTranslation } from 'react-i18next';
import { useView } from '../app/services.ts';
import { ConversationPane } from './chat/conversation-pane.tsx';
import { Stage } from './stage/stage.tsx';
import { StageHandle } from './stage/stage-handle.tsx';
import { useState } from 'react';

/** Where the stage ends, in percent of the screen's width. */
const USUAL_STAGE_PERCENT = 60;

/** Stage and conversation: side by side, one above the other, or the conversation alone with a round portrait. */
export function TalkScreen() {
  const { t } = useTranslation();
  const layout = useView((state) => state.layout);
  const stageOnly = useView((state) => state.stageOnly);
  const [stagePercent, setStagePercent] = useState(USUAL_STAGE_PERCENT);

  if (stageOnly) return <Stage />;
  if (layout === 'round') return <ConversationPane />;
  if (layout === 'band')
    return (
      <div className="flex h-full min-h-0 flex-col">
        <div className="h-[44%] min-h-64 flex-none border-b border-line">
          <Stage />
        </div>
        <div className="min-h-0 grow">
          <ConversationPane />
        </div>
      </div>
    );
  return (
    <div className="flex h-full min-h-0">
      <div className="min-w-0 flex-none" style={{ width: `${stagePercent}%` }}>
        <Stage />
      </div>
      <StageHandle label={t('stage.handle')} percent={stagePercent} onChange={setStagePercent} />
      <div className="min-w-0 grow">
        <ConversationPane />
      </div>
    </div>
  );
}
