import { useRef, type ReactNode } from 'react';
import { Button, type ButtonLook } from './button.tsx';

interface FileButtonProps {
  /** As in `<input accept>`. */
  accept: string;
  onFile: (file: File) => void;
  look?: ButtonLook;
  icon?: ReactNode;
  disabled?: boolean;
  children: ReactNode;
}

/** A button that asks for a file of this computer. */
export function FileButton({ accept, onFile, children, ...rest }: FileButtonProps) {
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => inputRef.current?.click()} {...rest}>
        {children}
      </Button>
      <input
        ref={inputRef}
        type="file"
        accept={accept}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again.
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}
