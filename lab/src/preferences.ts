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

export function applyLanguage(language: Language): void {
  document.documentElement.lang = language;
  document.title = LANGUAGES[language].title;
}

export function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Keeps what the reader chose; without a choice the page follows the browser. */
export function keepLanguage(language: Language): void {
  store('language', language);
}

export function keepTheme(theme: Theme): void {
  store('theme', theme);
}

/** Undefined where the browser keeps nothing. */
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
