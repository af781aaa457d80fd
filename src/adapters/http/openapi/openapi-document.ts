import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { type AnyRoute, isIdempotent } from '../route.js';
import { Id } from '../schemas/primitives.js';
import { headersOf, responses } from './openapi-responses.js';

const DESCRIPTION = `Products, stock, wallets and orders. Several instances can serve them at once.

Conditional requests follow RFC 9110: If-Match compares strongly, If-None-Match compares weakly, and
If-Match is evaluated first. All reads accept both. PATCH accepts both; the other writes respond with
412 to either. Resources have no modification date, so If-Modified-Since and If-Unmodified-Since have
no effect. If the Accept header allows no available media type, the response is JSON. The user names
me, . and .. are reserved: a token must not use them.`;

/** Makes the OpenAPI 3.1 document from the schemas that validate the requests. */
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
    .meta({ description: 'Makes a repeat safe: it gets the first response again' }),
});

const CONDITIONS = z.object({
  'If-Match': z.string().optional().meta({
    description: 'ETag, or a list of ETags, one of which the resource must have; otherwise: 412',
  }),
  'If-None-Match': z
    .string()
    .optional()
    .meta({ description: 'ETag of the response that the client has; if it is still current: 304' }),
});

const CACHED_READ = z.object({
  'Lockstep-At-Least': z.int().min(0).optional().meta({
    description:
      'Lockstep-Version of a write that the response must include; a number that no write returned: 400',
  }),
});

function tagOf(route: AnyRoute): string {
  return route.path.split('/')[2] ?? 'operations';
}

/** Makes an id such as `postOrdersIdPayments`. */
function operationId(route: AnyRoute): string {
  const words = route.path.replace('/v1', '').split(/\W+/).filter(Boolean);
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
