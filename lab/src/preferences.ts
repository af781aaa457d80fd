import { en } from './texts/en.js';
import { ko } from './texts/ko.js';
import type { Texts } from './texts/texts.js';

export const LANGUAGES = { en, ko } as const satisfies Record<string, Texts>;
export type Language = keyof typeof LANGUAGES;

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The language that was chosen, else the first of the browser that the page has. */
export function initialLanguage(): Language {
  const wanted = [stored('language'), ...navigator.languages];
  const found = wanted.map((tag) => tag?.slice(0, 2)).find((tag) => tag && tag in LANGUAGES);
  return (found as Language | undefined) ?? 'en';
}

export function initialTheme(): Theme {
  return THEMES.find((theme) => theme === stored('theme')) ?? 'auto';
}

/** Sets the language of the page, and its title with the place that is open. */
export function applyLanguage(language: Language, place: string | undefined): void {
  const { title } = LANGUAGES[language];
  document.documentElement.lang = language;
  document.title = place ? `${place} · ${title}` : title;
}

/** Sets the theme of the page; `auto` follows the system until the returned function is called. */
export function applyTheme(theme: Theme): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const wanted = system.matches ? 'dark' : 'light';
    document.documentElement.dataset['theme'] = theme === 'auto' ? wanted : theme;
  };
  apply();
  system.addEventListener('change', apply);
  return () => system.removeEventListener('change', apply);
}

/** Keeps what the reader chose; without a choice the page follows the browser. */
export function keepLanguage(language: Language): void {
  store('language', language);
}

export function keepTheme(theme: Theme): void {
  store('theme', theme);
}

/** Undefined if nothing is stored, or the browser does not allow it. */
function stored(name: string): string | undefined {
  try {
    return localStorage.getItem(`lockstep-lab-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`lockstep-lab-${name}`, value);
  } catch {
    // The choice lasts until the page is closed.
  }
}
