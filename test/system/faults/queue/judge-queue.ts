import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { KafkaRecord } from '../../../support/kafka-topic.js';

/** The final state of a request. */
export interface Settled {
  readonly id: string;
  readonly status: string;
  readonly orderId?: string;
  readonly code?: string;
}

/** A product, and the requests of one customer who ordered one unit of it again and again. */
export interface ProductRow {
  readonly productId: string;
  readonly units: number;
  /** In the order of acceptance. Each was accepted before the next was sent. */
  readonly requests: readonly Settled[];
  readonly stock: { readonly available: number; readonly held: number };
}

export interface QueueRecord {
  readonly rows: readonly ProductRow[];
  /** The ids of all orders. */
  readonly orderIds: readonly string[];
  /** Values in the topic that are not order requests. */
  readonly poison: readonly string[];
  readonly letters: readonly KafkaRecord[];
  readonly topic: string;
}

export function judgeQueue(record: QueueRecord): Verdict[] {
  const { rows } = record;
  const requests = rows.flatMap((row) => row.requests).length;
  const over = (claim: string, find: (row: ProductRow) => string[]) =>
    verdictOf(claim, requests, rows.flatMap(find));
  return [
    over('every 202 is settled', unsettled),
    verdictOf('each is settled once, and nothing else is ordered', requests, notOnce(record)),
    over('each product’s are settled in the order of arrival', outOfOrder),
    over('the stock is exact', wrongStock),
    verdictOf(
      'the dead letters are the poisoned messages',
      record.poison.length,
      wrongLetters(record),
    ),
  ];
}

function unsettled({ productId, requests }: ProductRow): string[] {
  const open = requests.filter(({ status }) => status !== 'CONFIRMED' && status !== 'REJECTED');
  return open.map(({ id, status }) => `${productId}: ${id} is ${status}`);
}

function notOnce({ rows, orderIds }: QueueRecord): string[] {
  const requests = rows.flatMap((row) => row.requests);
  const confirmed = requests.flatMap(({ orderId }) => orderId ?? []);
  const known = new Set(confirmed);
  const made = new Set(orderIds);
  return [
    ...(known.size === confirmed.length ? [] : ['two requests have the same order']),
    ...(made.size === orderIds.length ? [] : ['an order is listed twice']),
    ...confirmed.filter((id) => !made.has(id)).map((id) => `there is no order ${id}`),
    ...orderIds.filter((id) => !known.has(id)).map((id) => `order ${id} is nobody’s request`),
  ];
}

/** The first requests get the units, and ids of orders rise in the order of their creation. */
function outOfOrder({ productId, units, requests }: ProductRow): string[] {
  const ids = requests.flatMap(({ orderId }) => orderId ?? []);
  const late = ids.filter((id, i) => i > 0 && id < (ids[i - 1] ?? ''));
  const wrong = requests.filter(({ status, code }, i) => {
    if (i < units) return status !== 'CONFIRMED';
    return status !== 'REJECTED' || code !== 'insufficient_stock';
  });
  return [
    ...wrong.map(({ id, status, code }) => `${productId}: ${id} is ${status} ${code ?? ''}`),
    ...late.map((id) => `${productId}: order ${id} was made before the one ahead of it`),
  ];
}

function wrongStock({ productId, units, requests, stock }: ProductRow): string[] {
  const confirmed = requests.filter(({ status }) => status === 'CONFIRMED').length;
  const isExact = stock.available === units - confirmed && stock.available >= 0 && stock.held === 0;
  return isExact ? [] : [`${productId}: ${confirmed} of ${units}, ${JSON.stringify(stock)}`];
}

/**
 * Each message once. A message is written to the dead letters before its offset moves, so a crash
 * in between causes a second copy. The position of the message identifies it.
 */
export function distinctLetters(letters: readonly KafkaRecord[]): KafkaRecord[] {
  const placeOf = ({ headers }: KafkaRecord) =>
    ['source-topic', 'source-partition', 'source-offset'].map((name) => headers[name]).join(' ');
  return [...new Map(letters.map((letter) => [placeOf(letter), letter])).values()];
}

function wrongLetters({ poison, letters, topic }: QueueRecord): string[] {
  const letterValues = distinctLetters(letters)
    .map(({ value }) => value)
    .sort();
  const isSame = JSON.stringify(letterValues) === JSON.stringify([...poison].sort());
  const untold = letters.filter(
    ({ headers }) =>
      headers['source-topic'] !== topic ||
      !/no(?:t an)? order request/.test(headers['cause'] ?? ''),
  );
  return [
    ...(isSame ? [] : [`${poison.length} poisoned, dead letters: ${letterValues.join(' ')}`]),
    ...untold.map(({ headers }) => `a letter says ${JSON.stringify(headers)}`),
  ];
}
