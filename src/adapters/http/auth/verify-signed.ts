import {
  decodeProtectedHeader,
  errors,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import type { RemoteKeySet } from './remote-key-set.js';

/** Most keys that are tried for a token without a key id. */
const MAX_KEYS = 16;

/** Verifies a token by the key that it names; without a key id, by each key that fits. */
export async function verifyByKeySet(
  token: string,
  keySet: RemoteKeySet,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await verifyByKnownKeys(token, keySet, options);
  } catch (error) {
    const mayBeNew = isOfAnotherKey(error) && decodeProtectedHeader(token).kid === undefined;
    if (!mayBeNew || !(await keySet.renew())) throw error;
    return verifyByKnownKeys(token, keySet, options);
  }
}

async function verifyByKnownKeys(
  token: string,
  keySet: RemoteKeySet,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keySet.find, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifyByEachKey(token, error, options);
  }
}

async function verifyByEachKey(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  let triesLeft = MAX_KEYS;
  for await (const key of keys) {
    try {
      return await jwtVerify(token, key, options);
    } catch (error) {
      if (!isOfAnotherKey(error) && !isWeakKey(error)) throw error;
    }
    triesLeft -= 1;
    if (triesLeft === 0) break;
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function isOfAnotherKey(error: unknown): boolean {
  return error instanceof errors.JWSSignatureVerificationFailed;
}

/** jose refuses RSA keys of less than 2048 bits (RFC 7518, section 3.3). */
export function isWeakKey(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes('modulusLength');
}
