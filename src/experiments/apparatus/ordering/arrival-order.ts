/** What a buyer saw of an order; times in milliseconds on one clock. */
export interface Purchase {
  readonly sentMs: number;
  /** When the service had it for good: the order itself, or the promise of the queue. */
  readonly acceptedMs: number;
  readonly settledMs: number;
  /** Made while the stock is locked, so ids rise in the order of settlement; absent when refused. */
  readonly orderId: string | undefined;
}

/** Over all pairs of buyers who got an order; shares are 0 to 1. */
export interface ArrivalFigures {
  /** The one who was sent later was settled first. */
  readonly sentInverted: number;
  /** The one who was accepted later was settled first. */
  readonly acceptedInverted: number;
  /** How much later the latest of those who overtook somebody was sent, in milliseconds. */
  readonly longestOvertakingMs: number;
  /** Pairs in which the one was accepted before the other was sent, and came second all the same. */
  readonly brokenPromises: number;
}

/** How the order of settlement differs from those of arrival and of acceptance. */
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
    brokenPromises: count((first, second) => second.acceptedMs < first.sentMs),
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
