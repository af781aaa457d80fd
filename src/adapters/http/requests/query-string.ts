import { parse } from 'node:querystring';
import { HttpProblem } from '../responses/problem.js';

/**
 * The parameters of a query; one that is given several times is a list.
 * @throws HttpProblem `malformed_request` its percent-encoding or the UTF-8 in it is not valid,
 * which `parse` would replace
 */
export function queryParameters(query: string | null | undefined): object {
  if (!query) return {};
  try {
    decodeURIComponent(query);
  } catch {
    throw new HttpProblem('malformed_request', 'The query is not percent-encoded UTF-8.');
  }
  return parse(query);
}
