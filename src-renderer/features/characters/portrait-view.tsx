import { useEffect, useId, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { FaceAnchors, FoundFace, PortraitReport } from '../../../src-preload/contract/index.ts';
import { classNames } from '../../ui/class-names.ts';
import { ANCHOR_NAMES, withAnchor } from './anchors.ts';
import { facePath } from './face-lines.ts';

/** The picture as large as its column and the window let it be, with room for marks in its own proportions. */
function PictureFrame({ width, height, children }: { width: number; height: number; children: React.ReactNode }) {
  return (
    <div
      className="relative mx-auto w-full overflow-hidden rounded-base bg-raised"
      // As wide as the column, or as its height in the window allows.
      style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(60vh * ${width / height})` }}
    >
      {children}
    </div>
  );
}

/** Pixels; no window shows more of it. */
const UNSEEN_HEIGHT = 1000;
/** A larger file takes the browser longer to read than the core to look at it. */
const MOST_BYTES = 20 * 1024 * 1024;

/** A dropped picture while the core looks at it. Drawn from the file itself, unless that is huge: it is there at once. */
export function UnseenPicture({ picture }: { picture: File | string }) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (typeof picture === 'string' || picture.size > MOST_BYTES) return undefined;
    let current = true;
    createImageBitmap(picture, { resizeHeight: UNSEEN_HEIGHT, resizeQuality: 'medium' }).then(
      (bitmap) => {
        const canvas = canvasRef.current;
        if (current && canvas) {
          canvas.width = bitmap.width;
          canvas.height = bitmap.height;
          canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
        }
        bitmap.close();
      },
      // What the browser cannot read the core may, or it says why not.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [picture]);
  return (
    <div className="flex max-h-[60vh] min-h-40 items-center justify-center overflow-hidden rounded-base bg-raised">
      {typeof picture === 'string' ? (
        <img src={picture} alt="" className="max-h-[60vh] max-w-full opacity-70" />
      ) : (
        <canvas ref={canvasRef} width={1} height={1} aria-hidden="true" className="max-h-[60vh] max-w-full opacity-70" />
      )}
    </div>
  );
}

interface FoundFacesProps {
  report: PortraitReport;
  chosen: number;
  onChoose: (face: number) => void;
}

/** The faces of a picture, outlined; a click chooses among several. */
export function FoundFaces({ report, chosen, onChoose }: FoundFacesProps) {
  const { t } = useTranslation();
  const groupName = useId();
  const { analysis, preview } = report;
  const { width, height, faces } = analysis;
  return (
    <PictureFrame width={width} height={height}>
      <img src={preview} alt={t('characters.make.picture')} className="size-full" draggable={false} />
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" className="absolute inset-0 size-full">
        {faces.map((face, index) => (
          <path
            key={boxKey(face)}
            d={facePath(face.landmarks)}
            className={classNames('face-line', index !== chosen && 'opacity-50')}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      {faces.length > 1 && (
        <fieldset aria-label={t('characters.make.whichFace')}>
          {faces.map((face, index) => (
            <label
              key={boxKey(face)}
              className={classNames(
                'absolute rounded-base border-2 hover:border-listening has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-listening',
                index === chosen ? 'border-listening' : 'border-dashed border-white/70',
              )}
              style={placeOf(face, width, height)}
            >
              <input
                type="radio"
                name={groupName}
                checked={index === chosen}
                aria-label={t('characters.make.face', { number: index + 1 })}
                onChange={() => onChoose(index)}
                className="absolute size-full opacity-0"
              />
              <span aria-hidden="true" className="absolute -top-0.5 -left-0.5 rounded-small bg-ground/85 px-1.5 text-small text-text">
                {index + 1}
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </PictureFrame>
  );
}

function boxKey({ box }: FoundFace): string {
  return box.join(' ');
}

function placeOf({ box: [left, top, right, bottom] }: FoundFace, width: number, height: number): React.CSSProperties {
  return {
    left: percent(left, width),
    top: percent(top, height),
    width: percent(right - left, width),
    height: percent(bottom - top, height),
  };
}

interface AnchorBoardProps {
  report: PortraitReport;
  anchors: FaceAnchors;
  landmarks: readonly number[];
  onMove: (anchors: FaceAnchors) => void;
}

function percent(part: number, whole: number): string {
  return `${(100 * part) / whole}%`;
}

/** Arrow keys move a point by so much of the picture's width; with Shift by more. */
const STEP = 0.004;
const LARGE_STEP = 0.02;

/** Points on eyes, mouth and chin, to be dragged or moved with the arrow keys; the mesh follows. */
export function AnchorBoard({ report, anchors, landmarks, onMove }: AnchorBoardProps) {
  const { t } = useTranslation();
  const boardRef = useRef<HTMLFieldSetElement>(null);
  const { width, height } = report.analysis;
  const onDrag = (name: keyof FaceAnchors) => (event: PointerEvent<HTMLButtonElement>) => {
    const board = boardRef.current?.getBoundingClientRect();
    if (!board || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const x = ((event.clientX - board.left) / board.width) * width;
    const y = ((event.clientY - board.top) / board.height) * height;
    onMove(withAnchor(anchors, name, [x, y], { width, height }));
  };
  const onKey = (name: keyof FaceAnchors) => (event: KeyboardEvent) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!direction) return;
    event.preventDefault();
    const step = width * (event.shiftKey ? LARGE_STEP : STEP);
    const [x, y] = anchors[name];
    onMove(withAnchor(anchors, name, [x + (direction[0] ?? 0) * step, y + (direction[1] ?? 0) * step], { width, height }));
  };

  return (
    <PictureFrame width={width} height={height}>
      <img src={report.preview} alt={t('characters.make.picture')} className="size-full" draggable={false} />
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" className="absolute inset-0 size-full">
        <path d={facePath(landmarks)} className="face-line" vectorEffect="non-scaling-stroke" />
      </svg>
      <fieldset ref={boardRef} aria-label={t('characters.make.points')} className="absolute inset-0">
        {ANCHOR_NAMES.map((name) => {
          const [x, y] = anchors[name];
          return (
            <button
              key={name}
              type="button"
              title={t(`characters.make.anchors.${name}`)}
              aria-label={t('characters.make.anchorAt', {
                name: t(`characters.make.anchors.${name}`),
                x: Math.round((100 * x) / width),
                y: Math.round((100 * y) / height),
              })}
              onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
              onPointerMove={onDrag(name)}
              onKeyDown={onKey(name)}
              className="anchor"
              style={{ left: percent(x, width), top: percent(y, height) }}
            />
          );
        })}
      </fieldset>
    </PictureFrame>
  );
}
