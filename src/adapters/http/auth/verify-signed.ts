import {
  decodeProtectedHeader,
  errors,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import type { RemoteKeySet } from './remote-key-set.js';

/** Keys that a token which names none is tried with at most. */
const MOST_KEYS = 16;

/** Verifies a token by the key of a set that it names or, where it names none, by each that fits. */
export async function verifyByKeySet(
  token: string,
  keySet: RemoteKeySet,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await verifyByKnown(token, keySet, options);
  } catch (error) {
    const mayBeNew = isOfAnotherKey(error) && decodeProtectedHeader(token).kid === undefined;
    if (!mayBeNew || !(await keySet.renew())) throw error;
    return verifyByKnown(token, keySet, options);
  }
}

async function verifyByKnown(
  token: string,
  keySet: RemoteKeySet,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keySet.find, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifyByEach(token, error, options);
  }
}

async function verifyByEach(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  let left = MOST_KEYS;
  for await (const key of keys) {
    try {
      return await jwtVerify(token, key, options);
    } catch (error) {
      if (!isOfAnotherKey(error) && !isWeakKey(error)) throw error;
    }
    left -= 1;
    if (left === 0) break;
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function isOfAnotherKey(error: unknown): boolean {
  return error instanceof errors.JWSSignatureVerificationFailed;
}

/** jose takes no RSA key of less than 2048 bits (RFC 7518, section 3.3). */
export function isWeakKey(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes('modulusLength');
}
