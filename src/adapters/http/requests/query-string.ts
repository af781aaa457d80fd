import { parse } from 'node:querystring';
import { HttpProblem } from '../responses/problem.js';

/**
 * Parses a query string; a parameter that appears several times becomes a list.
 * @throws HttpProblem `malformed_request` invalid percent-encoding or UTF-8, which `parse` would
 * replace
 */
export function queryParameters(query: string | null | undefined): object {
  if (!query) return {};
  try {
    decodeURIComponent(query);
  } catch {
    throw new HttpProblem('malformed_request', 'The query string is not percent-encoded UTF-8.');
  }
  return parse(query);
}
