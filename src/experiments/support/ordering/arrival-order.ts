/** What a buyer saw of an order; times in milliseconds on one clock. */
export interface Purchase {
  readonly sentMs: number;
  /** When the order was stored permanently: placed, or accepted by the queue. */
  readonly acceptedMs: number;
  readonly settledMs: number;
  /** Made while the stock is locked, so ids rise in the order of settlement; absent when refused. */
  readonly orderId: string | undefined;
}

/** Over all pairs of buyers who got an order; shares are 0 to 1. */
export interface ArrivalFigures {
  /** Share of pairs in which the order that was sent later was settled first. */
  readonly sentInverted: number;
  /** Share of pairs in which the order that was accepted later was settled first. */
  readonly acceptedInverted: number;
  /** The longest time between two orders where the later one was settled first, in milliseconds. */
  readonly longestOvertakingMs: number;
  /** Pairs in which one was accepted before the other was sent, and was still settled second. */
  readonly brokenAcceptances: number;
}

/** Compares the order of settlement with the orders of arrival and of acceptance. */
export function arrivalFigures(purchases: readonly Purchase[]): ArrivalFigures {
  const settled = purchases
    .filter(({ orderId }) => orderId !== undefined)
    .toSorted((one, other) => (`${one.orderId}` < `${other.orderId}` ? -1 : 1));
  const pairs = settled.flatMap((first, i) =>
    settled.slice(i + 1).map((second) => [first, second]),
  );
  const count = (holds: (first: Purchase, second: Purchase) => boolean) =>
    pairs.filter(([first, second]) => first && second && holds(first, second)).length;
  const share = (inverted: number) => inverted / Math.max(pairs.length, 1);
  return {
    sentInverted: share(count((first, second) => second.sentMs < first.sentMs)),
    acceptedInverted: share(count((first, second) => second.acceptedMs < first.acceptedMs)),
    longestOvertakingMs: longestOvertaking(settled),
    brokenAcceptances: count((first, second) => second.acceptedMs < first.sentMs),
  };
}

function longestOvertaking(settled: readonly Purchase[]): number {
  let [latestSentMs, longestMs] = [Number.NEGATIVE_INFINITY, 0];
  for (const { sentMs } of settled) {
    latestSentMs = Math.max(latestSentMs, sentMs);
    longestMs = Math.max(longestMs, latestSentMs - sentMs);
  }
  return longestMs;
}
