import type { Request } from 'express';
import { z } from 'zod';
import { productNotFound } from '../../../domain/catalogue/product.js';
import { orderNotFound } from '../../../domain/orders/order.js';
import { orderRequestNotFound } from '../../../domain/orders/order-request.js';
import { reservationNotFound } from '../../../domain/reservations/reservation.js';
import { type FieldError, HttpProblem } from '../responses/problem.js';
import type { AnyRoute } from '../route.js';

const NOT_FOUND = {
  product: productNotFound,
  order: orderNotFound,
  reservation: reservationNotFound,
  order_request: orderRequestNotFound,
};
const Uuid = z.uuid();
const NoFields = z.strictObject({});

/**
 * Returns the path parameter.
 * @throws DomainError the id is not a UUID, so the resource does not exist
 */
export function pathId(req: Request, { idOf }: AnyRoute): string {
  const value = String(Object.values(req.params)[0] ?? '');
  if (!idOf) return value;
  if (!Uuid.safeParse(value).success) throw NOT_FOUND[idOf](value);
  return value.toLowerCase();
}

/** @throws HttpProblem `validation_failed`, also for an unknown parameter */
export function parseQuery(req: Request, schema: z.ZodType = NoFields): unknown {
  if (schema === NoFields && !req.url.includes('?')) return {};
  return parse(schema, req.query, 'query');
}

/** @throws HttpProblem `unsupported_media_type` or `validation_failed` */
export function parseBody(req: Request, schema?: z.ZodType): unknown {
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
  const hasBody = Number(length ?? 0) > 0 || coding !== undefined;
  // Only JSON was parsed.
  if (hasBody && req.body === undefined) {
    throw new HttpProblem('unsupported_media_type', 'The body must be application/json in UTF-8.');
  }
  if (schema) return parse(schema, req.body, 'body');
  // A request without a body schema may send an empty object.
  if (req.body !== undefined) parse(NoFields, req.body, 'body');
  return undefined;
}

function parse(schema: z.ZodType, value: unknown, what: 'body' | 'query'): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(fieldErrors);
  throw new HttpProblem('validation_failed', `The ${what} does not match the schema.`, { errors });
}

/** Reports an unknown field by its own path, so that a client finds its typo. */
function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'unknown field' }));
}
