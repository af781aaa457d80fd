import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { type ProblemCode, STATUS } from '../responses/problem.js';
import { type AnyRoute, isIdempotent } from '../route.js';
import { ProblemBody } from '../schemas/problem-schema.js';

/** Makes a schema of headers; all of them are optional. */
export function headersOf(headers: Readonly<Record<string, string>>) {
  const schemas = Object.entries(headers).map(([name, description]) => [
    name,
    z.string().optional().meta({ description }),
  ]);
  return z.object(Object.fromEntries(schemas));
}

/** Headers of every response, also of problems. */
const EVERYWHERE = {
  'X-Request-Id': 'The id that the client sent, or a new one',
  'X-Instance': 'The instance that sent the response',
  'Cache-Control': 'Who may store the response, and whether to revalidate it (RFC 9111)',
};

const CACHE_STATUS = { 'Cache-Status': 'The cache level that the response came from (RFC 9211)' };

/** Where the address of the client has no limit, these are missing. */
const RATE_LIMIT = {
  'RateLimit-Policy':
    'Limits of the user and of the address: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers)',
  RateLimit: 'What remains of these limits: `r` requests, for `t` seconds',
};

const TAG = { ETag: 'Entity tag, for If-None-Match and If-Match' };

/** Every response of a route, by status. */
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
      description: 'The representation that If-None-Match names is current',
      headers: headersOf({
        ...EVERYWHERE,
        ...TAG,
        ...(route.cache && CACHE_STATUS),
        ...(route.access !== 'anyone' && RATE_LIMIT),
      }),
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
      'Idempotency-Replayed': '`true` when this is the stored response of an earlier request',
    }),
    ...(route.invalidates && {
      'Lockstep-Version': 'Send it as Lockstep-At-Least to read this write',
    }),
    ...(route.method === 'get' && TAG),
    ...(route.cache && CACHE_STATUS),
    ...(route.access !== 'anyone' && RATE_LIMIT),
  };
}

const RETRY_AFTER = { 'Retry-After': 'Seconds to wait before a retry' };

function refusalHeaders({ cache }: AnyRoute, status: number): Readonly<Record<string, string>> {
  if (status === 404 && cache) return CACHE_STATUS;
  if (status === 412) return { ...TAG, ...(cache && CACHE_STATUS) };
  if (status === 401) return { 'WWW-Authenticate': 'RFC 6750' };
  if (status === 429) return { ...RETRY_AFTER, ...RATE_LIMIT };
  if (status === 409 || status === 503) return RETRY_AFTER;
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
    'rate_limited',
    ...(route.refusals ?? []),
  ];
  if (route.access !== 'anyone') refusals.push('unauthorized');
  if (route.access === 'admin') refusals.push('forbidden');
  if (route.idOf) refusals.push(`${route.idOf}_not_found`);
  if (route.method !== 'get') refusals.push('resource_busy');
  if (route.method !== 'get' && route.access !== 'anyone') refusals.push('too_many_open_writes');
  if (isIdempotent(route)) refusals.push('idempotency_in_progress', 'idempotency_key_reused');
  return [...new Set(refusals), 'overloaded', 'dependency_unavailable', 'internal_error'];
}
