import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { type ProblemCode, STATUS } from '../responses/problem.js';
import { type AnyRoute, isIdempotent } from '../route.js';
import { ProblemBody } from '../schemas/problem-schema.js';

/** Headers as a schema; none of them is always there. */
export function headersOf(headers: Readonly<Record<string, string>>) {
  const schemas = Object.entries(headers).map(([name, description]) => [
    name,
    z.string().optional().meta({ description }),
  ]);
  return z.object(Object.fromEntries(schemas));
}

/** On every answer, refusals included. */
const EVERYWHERE = {
  'X-Request-Id': 'The id the caller sent, or one made here',
  'X-Instance': 'The instance that answered',
  'Cache-Control': 'Who may keep the answer, and whether to ask again (RFC 9111)',
};

const CACHE_STATUS = { 'Cache-Status': 'Where the answer came from (RFC 9211)' };

const TAG = { ETag: 'Entity tag, for If-None-Match and If-Match' };

/** Every answer a route may give, by its status. */
export function responses(route: AnyRoute): ZodOpenApiResponsesObject {
  const all: ZodOpenApiResponsesObject = {};
  for (const success of [route.success, route.alternative]) {
    if (!success) continue;
    const { status, description, headers } = success;
    all[`${status}` as '200'] = {
      description,
      headers: headersOf({ ...EVERYWHERE, ...successHeaders(route), ...headers }),
      ...contentOf(success),
    };
  }
  if (route.method === 'get') {
    all['304'] = {
      description: 'What If-None-Match names is still right',
      headers: headersOf({ ...EVERYWHERE, ...TAG, ...(route.cache && CACHE_STATUS) }),
    };
  }
  for (const [code, codes] of Map.groupBy(refusalsOf(route), (refusal) => STATUS[refusal])) {
    all[`${code}` as '400'] = {
      description: codes.map((refusal) => `\`${refusal}\``).join(', '),
      headers: headersOf({ ...EVERYWHERE, ...refusalHeaders(route, code) }),
      content: { 'application/problem+json': { schema: ProblemBody } },
    };
  }
  return all;
}

function contentOf({ body, events }: AnyRoute['success']) {
  if (!body) return {};
  const stream = z.string().meta({ description: events });
  return {
    content: {
      'application/json': { schema: body },
      ...(events && { 'text/event-stream': { schema: stream } }),
    },
  };
}

function successHeaders(route: AnyRoute): Readonly<Record<string, string>> {
  return {
    ...(isIdempotent(route) && {
      'Idempotency-Replayed': '`true` when the answer is an earlier one',
    }),
    ...(route.evicts && { 'Lockstep-Version': 'For Lockstep-At-Least, to read what was written' }),
    ...(route.method === 'get' && TAG),
    ...(route.cache && CACHE_STATUS),
  };
}

function refusalHeaders({ cache }: AnyRoute, status: number): Readonly<Record<string, string>> {
  if (status === 404 && cache) return CACHE_STATUS;
  if (status === 412) return { ...TAG, ...(cache && CACHE_STATUS) };
  if (status === 401) return { 'WWW-Authenticate': 'RFC 6750' };
  if (status === 409 || status === 429 || status === 503)
    return { 'Retry-After': 'Seconds, where a repeat makes sense' };
  return {};
}

function refusalsOf(route: AnyRoute): ProblemCode[] {
  const refusals: ProblemCode[] = [
    'malformed_request',
    'validation_failed',
    'request_timeout',
    'precondition_failed',
    'payload_too_large',
    'unsupported_media_type',
    'expectation_failed',
    'header_fields_too_large',
    ...(route.refusals ?? []),
  ];
  if (route.access !== 'anyone') refusals.push('unauthorized');
  if (route.access === 'admin') refusals.push('forbidden');
  if (route.idOf) refusals.push(`${route.idOf}_not_found`);
  if (route.method !== 'get') refusals.push('resource_busy');
  if (isIdempotent(route)) refusals.push('idempotency_in_progress', 'idempotency_key_reused');
  return [...new Set(refusals), 'dependency_unavailable', 'internal_error'];
}
