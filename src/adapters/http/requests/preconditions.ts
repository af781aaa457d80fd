import type { Request } from 'express';
import { HttpProblem } from '../responses/problem.js';
import type { AnyRoute } from '../route.js';

/** Whether `If-Match` (RFC 9110, section 13.1.1) holds for something with this strong tag, or none. */
export function matches(ifMatch: string, tag: string | undefined): boolean {
  return isAny(ifMatch) || (tag !== undefined && tagsIn(ifMatch).includes(tag));
}

/** Whether `If-None-Match` (section 13.1.2) names something with this tag, be it as a weak one. */
export function isNamedBy(ifNoneMatch: string, tag: string): boolean {
  return isAny(ifNoneMatch) || tagsIn(ifNoneMatch).some((each) => each.replace(/^W\//, '') === tag);
}

/** The tags of a condition as they are written; none of ours has a comma in it. */
export function tagsIn(condition: string): string[] {
  return condition.split(',').map((tag) => tag.trim());
}

/**
 * Holds a read to its `If-Match`. `If-None-Match` comes after it (section 13.2.2) and is Express's;
 * conditions on dates have no effect, since nothing here has a `Last-Modified`.
 *
 * @throws HttpProblem `precondition_failed`
 */
export function requireMatch(req: Request, tag: string | undefined): void {
  const ifMatch = req.get('if-match');
  if (ifMatch !== undefined && !matches(ifMatch, tag)) {
    throw new HttpProblem('precondition_failed', 'The resource has none of the tags in If-Match.');
  }
}

/**
 * A write that looks at no condition does not pass over one that it is sent.
 * @throws HttpProblem `precondition_failed`
 */
export function refuseConditions(req: Request, route: AnyRoute): void {
  if (route.method === 'get' || route.requestHeaders?.['If-Match']) return;
  if (req.get('if-match') === undefined && req.get('if-none-match') === undefined) return;
  throw new HttpProblem(
    'precondition_failed',
    'What is written here has no entity tag: send neither If-Match nor If-None-Match.',
  );
}

function isAny(condition: string): boolean {
  return condition.trim() === '*';
}
