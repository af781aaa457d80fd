import { signOut } from '../api.js';
import { LANGUAGES, type Language, THEMES, type Theme } from '../preferences.js';
import type { Texts } from '../texts/texts.js';

/** The part of the address after # of each panel. */
export type Panel = '#/experiments' | '#/cluster';

interface HeaderProps {
  readonly texts: Texts;
  readonly language: Language;
  readonly theme: Theme;
  readonly panel: Panel;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: Theme) => void;
  /** Undefined while nobody is signed in. */
  readonly onSignedOut: (() => void) | undefined;
}

export function Header(props: HeaderProps) {
  const { texts, language, theme, panel, setLanguage, setTheme, onSignedOut } = props;
  return (
    <header>
      <div>
        <h1>{texts.title}</h1>
        <p>{texts.subtitle}</p>
      </div>
      {onSignedOut && <Panels {...{ texts, panel }} />}
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
          <button type="button" class="quiet" onClick={() => void signOut().then(onSignedOut)}>
            {texts.signOut}
          </button>
        )}
      </div>
    </header>
  );
}

function Panels({ texts, panel }: Pick<HeaderProps, 'texts' | 'panel'>) {
  const names: Readonly<Record<Panel, string>> = {
    '#/experiments': texts.list,
    '#/cluster': texts.cluster.title,
  };
  return (
    <nav class="panels" aria-label={texts.panels}>
      {Object.entries(names).map(([address, name]) => (
        <a key={address} href={address} aria-current={address === panel ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
