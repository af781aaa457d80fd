import type { AskedByAddress } from './tls-mode.js';

/** The values of `ssl-mode` in MySQL, MariaDB and libpq. */
const MODES: Readonly<Record<string, AskedByAddress>> = {
  disabled: 'off',
  disable: 'off',
  required: 'encrypted',
  require: 'encrypted',
  trust: 'unverified',
  verify_ca: 'verify-ca',
  'verify-ca': 'verify-ca',
  verify_identity: 'on',
  'verify-full': 'on',
};

/** The values of `useSSL` and `tls`. */
const FLAGS: Readonly<Record<string, AskedByAddress>> = {
  true: 'encrypted',
  1: 'encrypted',
  false: 'off',
  0: 'off',
  'skip-verify': 'unverified',
};

/** By the name in lower case and without hyphens, which differ between drivers. */
const PARAMETERS: Readonly<Record<string, typeof MODES>> = {
  sslmode: MODES,
  ssl: FLAGS,
  usessl: FLAGS,
  tls: FLAGS,
  usetls: FLAGS,
};

/** These allow plain text when the server, or an attacker in between, offers no TLS. */
const FALLING_BACK = new Set(['preferred', 'prefer', 'allow']);

interface DatabaseParameters {
  readonly tls: AskedByAddress;
  /** Names a parameter. It never shows the value, which may be a secret. */
  readonly problem?: string;
}

/** The TLS that the parameters of a database address ask for. */
export function readDatabaseParameters(url: URL): DatabaseParameters {
  let tls: AskedByAddress;
  for (const [name, value] of url.searchParams) {
    if (name === 'charset' && value.toLowerCase() === 'utf8mb4') continue;
    const shown = encodeURIComponent(name).slice(0, 60);
    const words = PARAMETERS[name.toLowerCase().replace(/[-_]/g, '')];
    if (!words) return { tls, problem: `has a parameter that is not understood: ${shown}` };
    const word = value.toLowerCase();
    if (FALLING_BACK.has(word)) {
      return {
        tls,
        problem: `${shown}=${word} may fall back to plain text; ask for DISABLED or more`,
      };
    }
    const asked = Object.hasOwn(words, word) ? words[word] : undefined;
    if (!asked) return { tls, problem: `${shown} must be one of ${Object.keys(words).join(', ')}` };
    if (tls && tls !== asked)
      return { tls, problem: `asks for different TLS, the last by ${shown}` };
    tls = asked;
  }
  return { tls };
}
