import autocannon from 'autocannon';
import { percentile } from '../../statistics.js';
import type { LoadRequest } from './scenario.js';

/** The interval at which autocannon checks whether its time is over. A run may be longer by this. */
const SAMPLE_MS = 20;

/** The results that clients saw. Times are in milliseconds. */
export interface Driven {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that are neither 2xx nor 304, and requests without an answer. */
  readonly failures: number;
}

interface Drive {
  readonly url: string;
  readonly connections: number;
  readonly next: () => LoadRequest;
}

/** Keeps `connections` requests in flight for `forMs` milliseconds. */
export async function drive(options: Drive, forMs: number): Promise<Driven> {
  const times: number[] = [];
  let refused = 0;
  const since = performance.now();
  const errors = await cannon(options, { duration: forMs / 1000 }, (status, ms) => {
    times.push(ms);
    if (status >= 300 && status !== 304) refused += 1;
  });
  const seconds = (performance.now() - since) / 1000;
  return {
    requests: times.length,
    requestsPerSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    failures: refused + errors,
  };
}

/** Sends each request at least once. */
export async function sendAll(
  { url, connections }: Omit<Drive, 'next'>,
  requests: readonly LoadRequest[],
): Promise<void> {
  if (requests.length === 0) return;
  let at = 0;
  const next = () => requests[at++ % requests.length] as LoadRequest;
  // Each connection calls `setupRequest` once more than it sends, so some prepared requests are not sent.
  const amount = requests.length + connections;
  await cannon({ url, connections, next }, { amount }, () => {});
}

async function cannon(
  { url, connections, next }: Drive,
  extent: { readonly duration: number } | { readonly amount: number },
  answered: (status: number, ms: number) => void,
): Promise<number> {
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const { method, path, headers = {}, body } = next();
    return { ...request, method, path, headers: { ...headers }, ...(body ? { body } : {}) };
  };
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      { url, connections, ...extent, sampleInt: SAMPLE_MS, requests: [{ setupRequest }] },
      (error, result) => (error ? reject(error) : resolve(result.errors)),
    );
    // The times are taken here because autocannon's histogram has a resolution of 1 ms.
    instance.on('response', (_client, status, _bytes, ms) => answered(status, ms));
  });
}
