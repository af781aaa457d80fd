import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { type AnyRoute, isIdempotent } from '../route.js';
import { Id } from '../schemas/primitives.js';
import { headersOf, responses } from './openapi-responses.js';

const DESCRIPTION = `Products, stock, wallets and orders that several instances serve at once.

Conditions are RFC 9110's: If-Match compares strongly, If-None-Match weakly, and If-Match comes
first. Reads take both. Of the writes PATCH takes both; the others answer 412 to either. There are
no dates of modification, so If-Modified-Since and If-Unmodified-Since have no effect. To an Accept
that allows nothing the service has, it answers JSON. The users me, . and .. are reserved: no token
may name them.`;

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
      description: DESCRIPTION,
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
  const all = headersOf(route.requestHeaders ?? {})
    .extend(isIdempotent(route) ? IDEMPOTENCY_KEY.shape : {})
    .extend(route.method === 'get' ? CONDITIONS.shape : {})
    .extend(route.cache ? CACHED_READ.shape : {});
  return Object.keys(all.shape).length > 0 ? { header: all } : {};
}

const IDEMPOTENCY_KEY = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: 'Makes a repeat harmless: it gets the first answer again' }),
});

const CONDITIONS = z.object({
  'If-Match': z
    .string()
    .optional()
    .meta({ description: 'ETag that the answer must have, or another of a list; if not: 412' }),
  'If-None-Match': z
    .string()
    .optional()
    .meta({ description: 'ETag of the answer at hand; still right: 304' }),
});

const CACHED_READ = z.object({
  'Lockstep-At-Least': z.int().min(0).optional().meta({
    description:
      'Lockstep-Version of a write that the answer must show; one that no write was answered with: 400',
  }),
});

function tagOf(route: AnyRoute): string {
  return route.path.split('/')[2] ?? 'operations';
}

/** As in `postOrdersIdPayments`. */
function operationId(route: AnyRoute): string {
  const words = route.path.replace('/v1', '').split(/\W+/).filter(Boolean);
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
