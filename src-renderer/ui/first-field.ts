/** For the `ref` of a form that takes the place of the button which opened it: whoever asked for it can type at once, and the focus falls nowhere. */
export function focusFirstField(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>('input, textarea, select, [role="combobox"]')?.focus();
}
