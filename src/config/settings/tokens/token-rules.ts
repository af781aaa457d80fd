import { RemoteKeySet } from '../../../adapters/http/auth/remote-key-set.js';
import type { TokenRules } from '../../../adapters/http/auth/token-verifier.js';
import type { Settings } from '../settings.js';
import { signingSecret } from './signing-secret.js';

/** In milliseconds. */
const KEY_SET = { timeoutMs: 3_000, refreshMs: 10 * 60 * 1000 };

/** HS256 with a secret, or RS256 and ES256 with the published keys of an identity provider. */
export function tokenRules(settings: Settings): TokenRules {
  const { JWT_JWKS_URL: url, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
  const rules = { issuer, audience, toleranceMs: settings.JWT_CLOCK_TOLERANCE_MS };
  if (!url) return { ...rules, key: signingSecret(settings), algorithms: ['HS256'] };
  const key = new RemoteKeySet(new URL(url), KEY_SET);
  return { ...rules, key, algorithms: ['RS256', 'ES256'] };
}
