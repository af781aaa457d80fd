import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { type ProblemCode, STATUS } from './problem.js';
import { type AnyRoute, isIdempotent } from './route.js';
import { ProblemBody } from './schemas/problem-schema.js';

/** Headers as a schema; none of them is always there. */
export function headersOf(headers: Readonly<Record<string, string>>, maxLength?: number) {
  const text = maxLength === undefined ? z.string() : z.string().min(1).max(maxLength);
  const schemas = Object.entries(headers).map(([name, description]) => [
    name,
    text.optional().meta({ description }),
  ]);
  return z.object(Object.fromEntries(schemas));
}

/** On every answer, refusals included. */
const EVERYWHERE = {
  'X-Request-Id': 'The id the caller sent, or one made here',
  'X-Instance': 'The instance that answered',
};

/** Every answer a route may give, by its status. */
export function responses(route: AnyRoute): ZodOpenApiResponsesObject {
  const { status, description, body, headers } = route.success;
  const replayed = isIdempotent(route)
    ? { 'Idempotency-Replayed': '`true` when the answer is an earlier one' }
    : {};
  const all: ZodOpenApiResponsesObject = {
    [`${status}`]: {
      description,
      headers: headersOf({ ...EVERYWHERE, ...replayed, ...headers }),
      ...(body ? { content: { 'application/json': { schema: body } } } : {}),
    },
  };
  for (const [code, codes] of Map.groupBy(refusalsOf(route), (refusal) => STATUS[refusal])) {
    all[`${code}` as '400'] = {
      description: codes.map((refusal) => `\`${refusal}\``).join(', '),
      headers: headersOf({ ...EVERYWHERE, ...refusalHeaders(code) }),
      content: { 'application/problem+json': { schema: ProblemBody } },
    };
  }
  return all;
}

function refusalHeaders(status: number): Readonly<Record<string, string>> {
  if (status === 401) return { 'WWW-Authenticate': 'RFC 6750' };
  if (status === 409 || status === 503)
    return { 'Retry-After': 'Seconds, where a repeat makes sense' };
  return {};
}

function refusalsOf(route: AnyRoute): ProblemCode[] {
  const refusals: ProblemCode[] = [
    'malformed_request',
    'validation_failed',
    ...(route.refusals ?? []),
  ];
  if (route.access !== 'anyone') refusals.push('unauthorized');
  if (route.access === 'admin') refusals.push('forbidden');
  if (route.idOf) refusals.push(`${route.idOf}_not_found`);
  if (route.method !== 'get') {
    refusals.push('payload_too_large', 'unsupported_media_type', 'resource_busy');
  }
  if (isIdempotent(route)) refusals.push('idempotency_in_progress', 'idempotency_key_reused');
  return [...new Set(refusals), 'dependency_unavailable', 'internal_error'];
}
