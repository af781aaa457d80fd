import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { type ProblemCode, STATUS } from './problem.js';
import type { AnyRoute } from './route.js';
import { Id } from './schemas/primitives.js';
import { ProblemBody } from './schemas/problem-schema.js';

/** The contract as OpenAPI 3.1, made of the very schemas that validate the requests. */
export function openApiDocument(routes: readonly AnyRoute[], version: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Lockstep',
      version,
      description: 'Products, stock, wallets and orders that several instances serve at once.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  });
}

function operation(route: AnyRoute): ZodOpenApiOperationObject {
  const parameter = /\{(\w+)\}/.exec(route.path)?.[1];
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [tagOf(route)],
    security: route.access === 'anyone' ? [] : [{ bearer: [] }],
    requestParams: {
      ...(parameter ? { path: z.object({ [parameter]: route.idOf ? Id : z.string() }) } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...headerParams(route),
    },
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }
      : {}),
    responses: responses(route),
  };
}

function headerParams(route: AnyRoute) {
  const headers = { ...route.requestHeaders };
  if (isIdempotent(route)) {
    headers['Idempotency-Key'] = 'Makes a repeat harmless: it gets the first answer again';
  }
  const schemas = Object.entries(headers).map(([name, description]) => [
    name,
    z.string().min(1).max(255).optional().meta({ description }),
  ]);
  return schemas.length > 0 ? { header: z.object(Object.fromEntries(schemas)) } : {};
}

function responses(route: AnyRoute): ZodOpenApiResponsesObject {
  const { status, description, body } = route.success;
  const all: ZodOpenApiResponsesObject = {
    [`${status}`]: {
      description,
      ...(body ? { content: { 'application/json': { schema: body } } } : {}),
    },
  };
  for (const [code, codes] of Map.groupBy(refusalsOf(route), (refusal) => STATUS[refusal])) {
    all[`${code}` as '400'] = {
      description: codes.map((refusal) => `\`${refusal}\``).join(', '),
      content: { 'application/problem+json': { schema: ProblemBody } },
    };
  }
  return all;
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
  if (route.method !== 'get')
    refusals.push('payload_too_large', 'unsupported_media_type', 'resource_busy');
  if (isIdempotent(route)) refusals.push('idempotency_in_progress', 'idempotency_key_reused');
  return [...new Set(refusals), 'dependency_unavailable', 'internal_error'];
}

function isIdempotent(route: AnyRoute): boolean {
  return route.method === 'post' && route.access !== 'anyone';
}

function tagOf(route: AnyRoute): string {
  return route.path.split('/')[2] ?? 'operations';
}

/** As in `postOrdersIdPayments`. */
function operationId(route: AnyRoute): string {
  const words = route.path.replace('/v1', '').split(/\W+/).filter(Boolean);
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
