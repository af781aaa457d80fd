import { SignJWT } from 'jose';
import type { Role } from '../../../adapters/http/auth/caller.js';
import { type Settings, SettingsError } from '../settings.js';
import { signingSecret } from './signing-secret.js';

/**
 * A token this service accepts, valid for a day unless `life` says otherwise.
 * @throws SettingsError the keys belong to an identity provider, so only it can sign
 */
export async function signToken(
  settings: Settings,
  userId: string,
  role: Role,
  life = '24h',
): Promise<string> {
  if (settings.JWT_JWKS_URL) {
    throw new SettingsError('JWT_JWKS_URL is set: tokens come from that identity provider');
  }
  const token = new SignJWT({ role }).setProtectedHeader({ alg: 'HS256' }).setSubject(userId);
  if (settings.JWT_ISSUER) token.setIssuer(settings.JWT_ISSUER);
  if (settings.JWT_AUDIENCE) token.setAudience(settings.JWT_AUDIENCE);
  return token.setIssuedAt().setExpirationTime(life).sign(signingSecret(settings));
}
