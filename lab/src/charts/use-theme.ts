import { useEffect, useState } from 'preact/hooks';

/** A number that changes with the colours of the page. A canvas does not follow the style sheet itself. */
export function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const onChange = () => setChanges((count) => count + 1);
    const observer = new MutationObserver(onChange);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', onChange);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', onChange);
    };
  }, []);
  return changes;
}
