/** Keys as caps: `Ctrl+K` becomes two of them. */
export function KeyName({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-1 whitespace-nowrap">
      {keys.split('+').map((key) => (
        <kbd
          key={key}
          className="inline-flex min-w-6 justify-center rounded-small border border-edge/60 px-1.5 font-sans text-small leading-5 text-quiet"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
