import { createRemoteJWKSet } from 'jose';
import type { TokenRules } from '../adapters/http/auth/token-verifier.js';
import type { Settings } from './settings.js';
import { signingSecret } from './signing-secret.js';

/** Longest wait for the key set, in milliseconds. */
const JWKS_TIMEOUT_MS = 3_000;

/** HS256 by a secret, or RS256 and ES256 by the keys an identity provider publishes. */
export function tokenRules(settings: Settings): TokenRules {
  const { JWT_JWKS_URL: url, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
  if (!url) return { key: signingSecret(settings), algorithms: ['HS256'], issuer, audience };
  const key = createRemoteJWKSet(new URL(url), { timeoutDuration: JWKS_TIMEOUT_MS });
  return { key, algorithms: ['RS256', 'ES256'], issuer, audience };
}
