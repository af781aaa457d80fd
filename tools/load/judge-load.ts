import type { Books } from '../invariants/books.js';
import { judgeBooks, judgeSums } from '../invariants/judge-books.js';
import { type Verdict, verdictOf } from '../invariants/verdict.js';

/** Scenarios that only read. */
const ORDERLESS = new Set(['catalogue']);

/** What must hold after a scenario that sent so many requests: one that sent none shows nothing. */
export function judgeLoad(scenario: string, books: Books, requests: number): Verdict[] {
  const judge = ORDERLESS.has(scenario) ? judgeSums : judgeBooks;
  return [verdictOf('requests were sent', requests, []), ...judge(books)];
}
