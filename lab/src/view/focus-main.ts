/** For so long new content may take the place of the focused one, in milliseconds. */
const ARRIVING_MS = 5_000;

/**
 * Moves the focus of the keyboard to the content, for example when the focused element disappears.
 * When the content is replaced, because its data arrive later, the new content gets the focus.
 */
export function focusMain(): void {
  const focus = () => document.querySelector('main')?.focus();
  // What is shown next is drawn first.
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      focus();
      const replaced = new MutationObserver(() => {
        if (document.activeElement === document.body) focus();
      });
      replaced.observe(document.body, { childList: true, subtree: true });
      setTimeout(() => replaced.disconnect(), ARRIVING_MS);
    });
  });
}
