import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { USER_ID } from '../../../domain/user-id.js';
import { HttpProblem } from '../problem.js';
import type { Caller } from './caller.js';

/** Where the keys that sign tokens come from, and what else a token must say. */
export interface TokenRules {
  readonly key: Uint8Array | JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

const Claims = z.object({
  sub: z.string().regex(USER_ID),
  role: z.enum(['customer', 'admin']).default('customer'),
});

/** Checks JSON Web Tokens (RFC 7519): signature, times, issuer, audience, and our own claims. */
export class TokenVerifier {
  constructor(private readonly rules: TokenRules) {}

  /**
   * @throws HttpProblem `unauthorized`
   * @throws DependencyUnavailableError the key set cannot be fetched
   */
  async verify(token: string): Promise<Caller> {
    const claims = Claims.safeParse(await this.payload(token));
    if (!claims.success) throw unauthorized('The token does not name a user.', 'invalid_token');
    return { userId: claims.data.sub, role: claims.data.role };
  }

  private async payload(token: string): Promise<JWTPayload> {
    const { key, algorithms, issuer, audience } = this.rules;
    const options = {
      algorithms: [...algorithms],
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
    };
    try {
      // jose's overloads take a key or a function, but not their union.
      const verified =
        typeof key === 'function'
          ? await jwtVerify(token, key, options)
          : await jwtVerify(token, key, options);
      return verified.payload;
    } catch (error) {
      if (isTokenFault(error)) throw unauthorized('The token is not valid.', 'invalid_token');
      throw new DependencyUnavailableError('token key set', error);
    }
  }
}

/** RFC 6750, section 3: without a token, the challenge names no error. */
export function unauthorized(detail: string, error?: 'invalid_token'): HttpProblem {
  const challenge = error ? `Bearer error="${error}"` : 'Bearer';
  return new HttpProblem('unauthorized', detail, {}, { 'WWW-Authenticate': challenge });
}

/** A key set that cannot be had is our trouble; everything else that jose throws is the token's. */
function isTokenFault(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
  );
}
