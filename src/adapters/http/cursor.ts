import { z } from 'zod';
import type { Page, PageRequest } from '../../domain/ports/page.js';
import { HttpProblem } from './problem.js';

interface PageQueryValues {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** @throws HttpProblem `validation_failed` the cursor is not one of ours */
export function pageRequest({ limit, cursor }: PageQueryValues): PageRequest {
  return { limit, after: cursor === undefined ? undefined : decode(cursor) };
}

export function pageBody<T>({ items, nextAfter }: Page<T>): object {
  const nextCursor = nextAfter === null ? null : Buffer.from(nextAfter).toString('base64url');
  return { items, nextCursor };
}

function decode(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (z.uuid().safeParse(id).success) return id;
  throw new HttpProblem('validation_failed', 'The cursor is not one this service gave out.', {
    errors: [{ path: 'cursor', message: 'must be the nextCursor of a page' }],
  });
}
