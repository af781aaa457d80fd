/** Moves the focus of the keyboard to the content, for example when the focused element disappears. */
export function focusMain(): void {
  // What is shown next is drawn first.
  requestAnimationFrame(() => {
    requestAnimationFrame(() => document.querySelector('main')?.focus());
  });
}
