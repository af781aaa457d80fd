import type { IncomingMessage } from 'node:http';
import { HttpProblem } from '../responses/problem.js';
import type { Access } from '../route.js';
import type { Caller } from './caller.js';
import { type TokenVerifier, unauthorized } from './token-verifier.js';

/**
 * Returns the caller; undefined for a route that anyone may call.
 * @throws HttpProblem `unauthorized` or `forbidden`
 */
export async function authenticate(
  req: IncomingMessage,
  access: Access,
  tokens: TokenVerifier,
): Promise<Caller | undefined> {
  if (access === 'anyone') return undefined;
  const token = tokenOf(req);
  if (!token)
    throw unauthorized('The request has no token. Send the header Authorization: Bearer <JWT>.');
  const caller = await tokens.verify(token);
  if (access === 'admin' && caller.role !== 'admin') {
    throw new HttpProblem('forbidden', 'Only an admin may send this request.');
  }
  return caller;
}

/** The token of the request; undefined when it has none in this form (RFC 6750, section 2.1). */
export function tokenOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}
