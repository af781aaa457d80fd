import type { Request } from 'express';
import { HttpProblem } from '../responses/problem.js';
import type { Access } from '../route.js';
import type { Caller } from './caller.js';
import { type TokenVerifier, unauthorized } from './token-verifier.js';

/**
 * Returns the caller; undefined for a route that anyone may call.
 * @throws HttpProblem `unauthorized` or `forbidden`
 */
export async function authenticate(
  req: Request,
  access: Access,
  tokens: TokenVerifier,
): Promise<Caller | undefined> {
  if (access === 'anyone') return undefined;
  const token = /^Bearer +(\S+) *$/i.exec(req.get('authorization') ?? '')?.[1];
  if (!token)
    throw unauthorized('The request has no token. Send the header Authorization: Bearer <JWT>.');
  const caller = await tokens.verify(token);
  if (access === 'admin' && caller.role !== 'admin') {
    throw new HttpProblem('forbidden', 'Only an admin may send this request.');
  }
  return caller;
}
