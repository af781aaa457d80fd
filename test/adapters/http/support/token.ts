import { type CompactJWSHeaderParameters, CompactSign, type CryptoKey } from 'jose';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { signingSecret } from '../../../../src/config/settings/tokens/signing-secret.js';
import { ApiClient } from '../../../support/api-client.js';
import type { TestService } from '../../../support/test-service.js';

/** The secret that the service itself signs with. */
export function secretOf({ env }: TestService): Uint8Array {
  return signingSecret(readSettings({ ...env }));
}

/**
 * A token of a customer, valid for an hour. `claims` replaces claims; undefined leaves a claim out.
 */
export function sign(
  key: CryptoKey | Uint8Array,
  claims: Readonly<Record<string, unknown>> = {},
  header: CompactJWSHeaderParameters = { alg: 'HS256' },
): Promise<string> {
  const all = { sub: 'somebody', role: 'customer', exp: secondsFromNow(3600), ...claims };
  // Not SignJWT, because it refuses to sign some of the tokens that a test needs.
  return new CompactSign(new TextEncoder().encode(JSON.stringify(all)))
    .setProtectedHeader(header)
    .sign(key);
}

export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** A token without a real signature, with any header. */
export function handMade(header: object, claims: unknown, signature = ''): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** A client that sends this token, valid or not. */
export function bearing({ service }: TestService, jwt: string): ApiClient {
  return new ApiClient(service.url, jwt);
}
