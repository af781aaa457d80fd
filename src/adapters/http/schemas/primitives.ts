import { z } from 'zod';
import { MAX_POINTS } from '../../../domain/wallets/points.js';

/** An id that the service made: UUIDv7 (RFC 9562). */
export const Id = z
  .uuid()
  .meta({ description: 'UUIDv7', examples: ['01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c'] });

/** Points, without fraction. */
export const Points = z.int().min(0).max(MAX_POINTS).meta({ description: 'Points (KRW)' });

/** Units of one product in one request. */
export const Quantity = z.int().min(1).max(10_000);

/** RFC 3339 in UTC with milliseconds. */
export const Instant = z.iso.datetime({ precision: 3 });

export const Version = z.int().min(0).meta({ description: 'Increases by one with every change' });

/** A whole number in a query: decimal digits without sign, space or exponent. */
function decimal(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^\d+$/, { error: 'must be a whole number in decimal digits' })
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum))
    .meta({
      override: ({ jsonSchema }) => {
        Object.assign(jsonSchema, { type: 'integer', minimum, maximum });
        delete jsonSchema.pattern;
      },
    });
}

/** A line of text without control characters, unpaired surrogates, and spaces around it. */
export function line(maxLength: number) {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[^\s\p{Cc}\p{Cs}](?:[^\p{Cc}\p{Cs}]*[^\s\p{Cc}\p{Cs}])?$/u, {
      error: 'must be one line of text without spaces around it',
    });
}

/** An opaque position in a list. */
const Cursor = z
  .string()
  .max(200)
  .regex(/^[\w.-]+$/, { error: 'must be the nextCursor of a page' });

export const PageQuery = z.strictObject({
  limit: decimal(1, 100).default(20).meta({ description: 'Items on a page' }),
  cursor: Cursor.optional().meta({
    description: 'Opaque: the `nextCursor` of the previous page of the same list',
  }),
});

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: Cursor.nullable().meta({ description: 'null on the last page' }),
  });
}
