import type { Request } from 'express';
import { HttpProblem } from '../responses/problem.js';
import type { AnyRoute } from '../route.js';

/** Whether `If-Match` (RFC 9110, section 13.1.1) holds for a resource with this strong tag or no tag. */
export function matches(ifMatch: string, tag: string | undefined): boolean {
  return isAny(ifMatch) || (tag !== undefined && tagsIn(ifMatch).includes(tag));
}

/** Whether `If-None-Match` (section 13.1.2) names this tag, in its strong or its weak form. */
export function isNamedBy(ifNoneMatch: string, tag: string): boolean {
  return isAny(ifNoneMatch) || tagsIn(ifNoneMatch).some((each) => each.replace(/^W\//, '') === tag);
}

/** The tags of a condition as written; tags of this service contain no comma. */
export function tagsIn(condition: string): string[] {
  return condition.split(',').map((tag) => tag.trim());
}

/**
 * Checks the `If-Match` of a read. Express evaluates `If-None-Match` after it (section 13.2.2).
 * Conditions on dates have no effect, because no resource has a `Last-Modified`.
 *
 * @throws HttpProblem `precondition_failed`
 */
export function requireMatch(req: Request, tag: string | undefined): void {
  const ifMatch = req.get('if-match');
  if (ifMatch !== undefined && !matches(ifMatch, tag)) {
    throw new HttpProblem('precondition_failed', 'The ETag of the resource is not in If-Match.');
  }
}

/**
 * Refuses the conditions of a write that does not support them, instead of ignoring them.
 * @throws HttpProblem `precondition_failed`
 */
export function refuseConditions(req: Request, route: AnyRoute): void {
  if (route.method === 'get' || route.requestHeaders?.['If-Match']) return;
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = req.headers;
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  throw new HttpProblem(
    'precondition_failed',
    'This request does not support If-Match and If-None-Match: its resource has no ETag.',
  );
}

function isAny(condition: string): boolean {
  return condition.trim() === '*';
}
