import { useState } from 'react';

/**
 * Brings the focus back to where it was when a dialog opened: Radix does that for a dialog with a trigger of its own, and ours have none. Without it the
 * focus falls on the page itself, where letters are commands. Call it in a component that is only there while the dialog is open.
 */
export function useFocusReturn(): (event: Event) => void {
  // Read before the page changes: the item of a menu that opened the dialog is gone when the dialog has come.
  const [origin] = useState(focusedControl);
  return (event) => {
    event.preventDefault();
    // What the dialog led to may have taken the focus already.
    if (!origin || !isNowhere(document.activeElement)) return;
    origin.focus({ preventScroll: true });
    // It is gone or disabled by now.
    if (isNowhere(document.activeElement)) document.getElementById('main')?.focus({ preventScroll: true });
  };
}

/** The element in focus; for an item of a menu the button that the menu belongs to. */
function focusedControl(): HTMLElement | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || isNowhere(focused)) return undefined;
  const menu = focused.closest('[role="menu"]');
  return menu ? (document.getElementById(menu.getAttribute('aria-labelledby') ?? '') ?? undefined) : focused;
}

function isNowhere(element: Element | null): boolean {
  return element === null || element === document.body;
}
