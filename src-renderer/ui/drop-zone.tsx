import { useRef, useState, type DragEvent, type ReactNode } from 'react';

interface DropZoneProps {
  /** Shown over everything while a file hangs over the screen. */
  invitation: string;
  onFile: (file: File) => void;
  children: ReactNode;
}

/** A screen that takes a file dropped anywhere on it. The same can be done with a button, so the keyboard misses nothing. */
export function DropZone({ invitation, onFile, children }: DropZoneProps) {
  const [hovering, setHovering] = useState(false);
  /** Each element below tells of its own coming and going; the last going is the real one. */
  const depth = useRef(0);
  const count = (step: 1 | -1) => (event: DragEvent) => {
    if (!hasFile(event)) return;
    depth.current += step;
    setHovering(depth.current > 0);
  };
  return (
    <div
      className="relative h-full"
      onDragEnter={count(1)}
      onDragLeave={count(-1)}
      onDragOver={(event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDrop={(event) => {
        event.preventDefault();
        depth.current = 0;
        setHovering(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    >
      {children}
      {hovering && (
        <div className="pointer-events-none absolute inset-3 z-30 flex items-center justify-center rounded-base border-2 border-dashed border-listening bg-ground/85 p-8">
          <p className="text-center text-title">{invitation}</p>
        </div>
      )}
    </div>
  );
}

function hasFile(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files');
}
