import { useEffect, useRef, useState } from 'react';
import type { ErrorData, FaceAnchors, PortraitReport } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorDataOf, uploadFile } from '../../bridge/index.ts';
import { guessedAnchors } from './anchors.ts';

/**
 * A picture on its way to a face.
 *
 *   none ─▶ looking ─▶ found ◀─▶ by-hand        another picture: looking again
 *              └─────▶ failed     ▲
 *              └──── no face ─────┘
 */
export type Portrait =
  | { state: 'none' }
  /** `picture` is the dropped file, for the eyes while the core looks at it; a painted one is shown by its address. */
  | { state: 'looking'; picture: File | string }
  | { state: 'failed'; picture: File | string; error: ErrorData }
  | { state: 'found'; upload: string; report: PortraitReport; face: number }
  /** `landmarks` = the mesh for these anchors, until it has come the one before. */
  | { state: 'by-hand'; upload: string; report: PortraitReport; anchors: FaceAnchors; landmarks: readonly number[] };

export interface PortraitWork {
  portrait: Portrait;
  takeFile(file: File): void;
  takePainted(painted: { portrait: string; preview: string }): void;
  choose(face: number): void;
  /** Anchors by hand, from the chosen face or from the middle of the picture. */
  byHand(): void;
  /** Back to what was found. */
  byItself(): void;
  move(anchors: FaceAnchors): void;
  clear(): void;
}

/** Dragging asks for a mesh when the hand rests this long. */
const FIT_AFTER_MS = 120;

/** From a file to a face: uploads it, has it looked at, and fits the mesh to anchors that are moved by hand. Newer work outdates older. */
export function usePortrait(first: File | undefined): PortraitWork {
  const { bridge, view } = useServices();
  const [portrait, setPortrait] = useState<Portrait>({ state: 'none' });
  const asked = useRef(0);
  const fitTimer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const look = async (picture: File | string, upload: () => Promise<string>): Promise<void> => {
    asked.current += 1;
    const own = asked.current;
    setPortrait({ state: 'looking', picture });
    try {
      const id = await upload();
      const report = await bridge.call('characters.analysePortrait', { portrait: id });
      if (own !== asked.current) return;
      setPortrait(report.analysis.faces.length > 0 ? { state: 'found', upload: id, report, face: 0 } : handStart(id, report, undefined));
    } catch (error) {
      if (own === asked.current) setPortrait({ state: 'failed', picture, error: errorDataOf(error) });
    }
  };

  const fit = (upload: string, anchors: FaceAnchors): void => {
    clearTimeout(fitTimer.current);
    fitTimer.current = setTimeout(() => {
      bridge
        .call('characters.fitAnchors', { portrait: upload, anchors })
        .then(
          ({ landmarks }) =>
            setPortrait((now) =>
              now.state === 'by-hand' && now.anchors === anchors && now.upload === upload ? { ...now, landmarks } : now,
            ),
          view.getState().fail,
        );
    }, FIT_AFTER_MS);
  };
  const fitting = portrait.state === 'by-hand' ? portrait : undefined;
  // A mesh is asked for whenever the anchors are others, however they came about.
  useEffect(() => {
    if (fitting) fit(fitting.upload, fitting.anchors);
    return () => clearTimeout(fitTimer.current);
    // oxlint-disable-next-line react/exhaustive-deps -- `fit` only passes on what is named here
  }, [fitting?.upload, fitting?.anchors]);

  const takeFile = (file: File): void => void look(file, () => uploadFile(file));
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || !first) return;
    begun.current = true;
    takeFile(first);
  });

  return {
    portrait,
    takeFile,
    takePainted: ({ portrait: id, preview }) => void look(preview, () => Promise.resolve(id)),
    choose: (face) => setPortrait((now) => (now.state === 'found' ? { ...now, face } : now)),
    byHand: () => setPortrait((now) => (now.state === 'found' ? handStart(now.upload, now.report, now.face) : now)),
    byItself: () =>
      setPortrait((now) =>
        now.state === 'by-hand' && now.report.analysis.faces.length > 0
          ? { state: 'found', upload: now.upload, report: now.report, face: 0 }
          : now,
      ),
    move: (anchors) => setPortrait((now) => (now.state === 'by-hand' ? { ...now, anchors } : now)),
    clear() {
      asked.current += 1;
      setPortrait({ state: 'none' });
    },
  };
}

function handStart(upload: string, report: PortraitReport, face: number | undefined): Portrait {
  const { analysis } = report;
  const found = face === undefined ? undefined : analysis.faces[face];
  return {
    state: 'by-hand',
    upload,
    report,
    anchors: found?.anchors ?? guessedAnchors(analysis.width, analysis.height),
    landmarks: found?.landmarks ?? [],
  };
}
