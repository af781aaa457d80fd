import { useEffect, useState } from 'preact/hooks';

/** A number that changes with the colours of the page. A canvas does not follow the style sheet itself. */
export function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const onChange = () => setChanges((count) => count + 1);
    const observer = new MutationObserver(onChange);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, []);
  return changes;
}
