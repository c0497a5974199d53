import { tinykeys } from 'tinykeys';
import { settingOf } from '../stores/settings-store.ts';
import { hasOnlyClosedTip } from '../ui/tip.tsx';
import type { Actions } from './actions.ts';
import type { Command } from './commands.ts';
import type { Services } from './services.ts';

/**
 * Binds the commands to the window. A key that a control of its own understands stays that control's: Space on a button, letters in a text field,
 * Escape in an open dialog. While a dialog or a menu is open, single keys are meant for it, wherever the focus is. Returns the unbinding.
 */
export function bindKeyboard(services: Services, actions: Actions, commands: readonly Command[]): () => void {
  const { settings, session } = services;
  const singleKeysAllowed = (): boolean => settingOf(settings.getState(), 'shortcuts.singleKeys', true);
  const isFree = (command: Command, event: KeyboardEvent): boolean => {
    if (event.defaultPrevented && !hasOnlyClosedTip(event)) return false;
    if ((command.single || command.id === 'stop') && document.querySelector(OVERLAYS)) return false;
    if (!command.single) return true;
    return singleKeysAllowed() && !isInside(event.target, TEXT_FIELDS) && !(event.key === ' ' && isInside(event.target, SPACE_TAKERS));
  };
  const isPushToTalk = (): boolean => session.getState().session.mode === 'push-to-talk';

  const bindings = Object.fromEntries(
    commands.map((command) => [
      command.keys,
      (event: KeyboardEvent) => {
        if (!isFree(command, event)) return;
        event.preventDefault();
        if (event.repeat) return;
        if (command.id === 'talk' && isPushToTalk()) actions.press.down();
        else command.run();
      },
    ]),
  );
  // By default it hears nothing from text fields; Escape and combined keys work there, too.
  const unbind = tinykeys(window, bindings, { ignore: () => false });
  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key === ' ') actions.press.up();
  };
  const onBlur = (): void => actions.press.cancel();
  addEventListener('keyup', onKeyUp);
  addEventListener('blur', onBlur);
  return () => {
    unbind();
    removeEventListener('keyup', onKeyUp);
    removeEventListener('blur', onBlur);
  };
}

const OVERLAYS = '[role="dialog"], [role="menu"]';
const TEXT_FIELDS = 'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';
const SPACE_TAKERS =
  'button, a, [role="button"], [role="switch"], [role="radio"], [role="menuitem"], [role="option"], [role="slider"], summary';

function isInside(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
