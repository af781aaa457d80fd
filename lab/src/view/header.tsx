import { useState } from 'preact/hooks';
import { signOut } from '../api.js';
import { LANGUAGES, type Language, THEMES, type Theme } from '../preferences.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';

/** The parts of the lab; the address names one, as in `#/shop`. */
const PANELS = ['experiments', 'shop', 'cluster'] as const;
type Panel = (typeof PANELS)[number];

/** Any other address shows the experiments. */
export function panelOf(hash: string): Panel {
  return PANELS.find((panel) => hash === `#/${panel}`) ?? 'experiments';
}

interface HeaderProps {
  readonly texts: Texts;
  readonly language: Language;
  readonly theme: Theme;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: Theme) => void;
  /** Undefined while nobody is signed in. */
  readonly onSignedOut: (() => void) | undefined;
}

export function Header(props: HeaderProps) {
  const { texts, language, theme, setLanguage, setTheme, onSignedOut } = props;
  /** Why the reader is still signed in. */
  const [failure, setFailure] = useState<unknown>();
  return (
    <header>
      <div>
        <h1>{texts.title}</h1>
        <p>{texts.subtitle}</p>
      </div>
      {onSignedOut && (
        <nav class="panels" aria-label={texts.title}>
          {PANELS.map((panel) => (
            <a
              key={panel}
              href={`#/${panel}`}
              aria-current={panel === panelOf(location.hash) ? 'page' : undefined}
            >
              {texts.panels[panel]}
            </a>
          ))}
        </nav>
      )}
      <div class="preferences">
        <label>
          <span>{texts.language}</span>
          <select
            value={language}
            onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
          >
            {Object.entries(LANGUAGES).map(([tag, { name }]) => (
              <option key={tag} value={tag}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{texts.theme}</span>
          <select
            value={theme}
            onChange={({ currentTarget }) => setTheme(currentTarget.value as Theme)}
          >
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {texts.themes[one]}
              </option>
            ))}
          </select>
        </label>
        {onSignedOut && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              setFailure(undefined);
              signOut().then(onSignedOut, setFailure);
            }}
          >
            {texts.signOut}
          </button>
        )}
      </div>
      {failure !== undefined && (
        <p class="problem" role="alert">
          {problemText(failure, texts.problems)}
        </p>
      )}
    </header>
  );
}
