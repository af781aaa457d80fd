import { createSecretKey, type KeyObject } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { z } from 'zod';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { USER_ID } from '../../../domain/user-id.js';
import { HttpProblem } from '../responses/problem.js';
import type { Caller } from './caller.js';
import { RemoteKeySet } from './remote-key-set.js';
import { VerifiedTokens } from './verified-tokens.js';
import { isWeakKey, verifyByKeySet } from './verify-signed.js';

/** How tokens are verified: the key, and the claims that are required. */
export interface TokenRules {
  readonly key: Uint8Array | RemoteKeySet;
  readonly algorithms: readonly string[];
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** How far the signer's clock may be ahead of this clock, in milliseconds; 0 unless set. */
  readonly toleranceMs?: number;
}

/** Accepted token types. Other types are for other uses (RFC 8725, section 3.11). */
const TYPES = new Set(['jwt', 'at+jwt']);

const Claims = z.object({
  sub: z.string().regex(USER_ID),
  role: z.enum(['customer', 'admin']).default('customer'),
});

/** Verifies JSON Web Tokens (RFC 7519): signature, times, issuer, audience, user and role. */
export class TokenVerifier {
  readonly #verified = new VerifiedTokens();
  /** jose imports a `KeyObject` once, and bytes for every token. */
  readonly #key: KeyObject | RemoteKeySet;

  constructor(private readonly rules: TokenRules) {
    const { key } = rules;
    this.#key = key instanceof RemoteKeySet ? key : createSecretKey(key);
  }

  /**
   * @throws HttpProblem `unauthorized`
   * @throws DependencyUnavailableError the key set cannot be fetched
   */
  async verify(token: string): Promise<Caller> {
    const known = this.known(token);
    if (known) return known;
    // Read before the signature is verified: the keys may change meanwhile.
    const keys = this.#keyVersion;
    const payload = await this.#payload(token);
    const claims = Claims.safeParse(payload);
    if (!claims.success)
      throw unauthorized(
        'The token has no valid user in its claim sub, or an unknown role.',
        'invalid_token',
      );
    const caller = { userId: claims.data.sub, role: claims.data.role };
    const expiresAtMs = (payload.exp ?? 0) * 1_000;
    if (keys !== undefined) this.#verified.remember(token, caller, expiresAtMs, keys);
    return caller;
  }

  /** The caller of a token that was verified before, and that a new verification would accept. */
  known(token: string): Caller | undefined {
    return this.#verified.find(token, this.#keyVersion);
  }

  /** Version of the current keys; undefined while they must be fetched. A secret has version 0. */
  get #keyVersion(): number | undefined {
    const { key } = this.rules;
    return key instanceof RemoteKeySet ? key.version : 0;
  }

  async #payload(token: string): Promise<JWTPayload> {
    try {
      const { payload, protectedHeader } = await this.#checkSignature(token);
      // The tolerance is for the clock of a signer that is ahead; it must not extend the life of a
      // token.
      const hasExpired = (payload.exp ?? 0) * 1_000 <= Date.now();
      if (!hasExpired && isAccessToken(protectedHeader.typ)) return payload;
    } catch (error) {
      if (!isTokenFault(error)) throw new DependencyUnavailableError('token key set', error);
    }
    throw unauthorized('The token is not valid, or it has expired.', 'invalid_token');
  }

  #checkSignature(token: string): Promise<JWTVerifyResult> {
    const { algorithms, issuer, audience, toleranceMs = 0 } = this.rules;
    const options = {
      algorithms: [...algorithms],
      requiredClaims: ['exp'],
      clockTolerance: toleranceMs / 1_000,
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
    };
    return this.#key instanceof RemoteKeySet
      ? verifyByKeySet(token, this.#key, options)
      : jwtVerify(token, this.#key, options);
  }
}

/** The challenge names an error only when the request had a token (RFC 6750, section 3). */
export function unauthorized(detail: string, error?: 'invalid_token'): HttpProblem {
  const challenge = error ? `Bearer error="${error}"` : 'Bearer';
  return new HttpProblem('unauthorized', detail, {}, { 'WWW-Authenticate': challenge });
}

/** The type may omit the prefix `application/` (RFC 7515, section 4.1.9). */
function isAccessToken(type: unknown): boolean {
  if (type === undefined) return true;
  return typeof type === 'string' && TYPES.has(type.toLowerCase().replace(/^application\//, ''));
}

/** False when the key set could not be fetched; every other error of jose is about the token. */
function isTokenFault(error: unknown): boolean {
  if (isWeakKey(error)) return true;
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
  );
}
