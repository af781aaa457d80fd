import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { RequestSeen } from '../../../support/traffic/request-log.js';
import type { Traffic } from './traffic.js';

/** A span of `performance.now()`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const PLACED = new Set(['order', 'keyed order', 'payment']);

export function hasFailed({ status }: RequestSeen): boolean {
  return status === 0 || status >= 500;
}

export function readsFailed({ requests }: Traffic, mostPercent: number): Verdict {
  const reads = requests.filter(({ kind }) => kind === 'read');
  const failed = reads.filter(hasFailed);
  const percent = (100 * failed.length) / Math.max(reads.length, 1);
  const kinds = new Set(
    failed.map(({ status, code, failedAt }) => [status, code, failedAt].filter(Boolean).join(' ')),
  );
  const found = `${failed.length} of ${reads.length} with ${[...kinds].join(', ')}`;
  const broken = percent > mostPercent ? [found] : [];
  return verdictOf(`at most ${mostPercent} % of the reads fail`, reads.length, broken);
}

/** Reads that were sent in a span are answered within `ms` milliseconds. */
export function readsInTime({ requests }: Traffic, { from, to }: Span, ms: number): Verdict {
  const reads = requests.filter(
    ({ kind, sentAt }) => kind === 'read' && sentAt >= from && sentAt <= to,
  );
  const slow = reads.filter(({ sentAt, settledAt }) => settledAt - sentAt > ms);
  const claim = `reads take at most ${ms} ms from a second after the kill`;
  const broken = slow.map(({ sentAt, settledAt }) => {
    const second = (sentAt - from) / 1_000;
    return `${(settledAt - sentAt).toFixed(0)} ms, sent ${second.toFixed(1)} s after that second`;
  });
  return verdictOf(claim, reads.length, broken);
}

export function noneFailed({ requests }: Pick<Traffic, 'requests'>, { from }: Span): Verdict {
  const failed = requests.filter(hasFailed);
  const broken = failed.map((each) => describe(each, from));
  return verdictOf('no request fails', requests.length, broken);
}

/** Failed writes are 503, with a code that says what to do. */
export function refusedInOrder({ requests }: Traffic, { from }: Span, codes: string[]): Verdict {
  const isInOrder = ({ status, code = '' }: RequestSeen) => status === 503 && codes.includes(code);
  const others = requests.filter((each) => hasFailed(each) && !isInOrder(each));
  const claim = `whatever fails says 503 ${codes.join(' or ')}`;
  const broken = others.map((each) => describe(each, from));
  return verdictOf(claim, requests.length, broken);
}

/** Orders and payments fail only within `ms` of a moment. */
export function failOnlyAround(
  { requests }: Traffic,
  { from }: Span,
  { moments, ms }: { readonly moments: readonly number[]; readonly ms: number },
): Verdict {
  const isNear = ({ settledAt, sentAt }: RequestSeen) =>
    moments.some((moment) => settledAt >= moment && sentAt <= moment + ms);
  const placed = requests.filter(({ kind }) => PLACED.has(kind));
  const failed = placed.filter(hasFailed);
  const broken = failed.filter((each) => !isNear(each)).map((each) => describe(each, from));
  return verdictOf(`orders fail only in the first ${ms / 1_000} s`, placed.length, broken);
}

export function allSettle({
  requests,
  unsettled,
}: Pick<Traffic, 'requests' | 'unsettled'>): Verdict {
  const claim = 'every order with a key is acknowledged in the end';
  const keyed = requests.filter(({ kind }) => kind === 'keyed order').length;
  const broken = unsettled.map((key) => `key ${key}`);
  return verdictOf(claim, keyed, broken);
}

/**
 * 409 means that the first attempt with a key is still in progress. Any other answer is unexpected.
 */
export function nothingElse({ requests }: Pick<Traffic, 'requests'>, { from }: Span): Verdict {
  const odd = requests.filter(({ status, code, kind }) => {
    if (hasFailed({ status } as RequestSeen) || status === 200 || status === 201) return false;
    if (status === 202 && kind === 'queued order') return false;
    return !(status === 409 && kind !== 'read' && code === 'idempotency_in_progress');
  });
  const broken = odd.map((each) => describe(each, from));
  return verdictOf('nobody gets a wrong answer', requests.length, broken);
}

function describe({ kind, status, code, failedAt, settledAt }: RequestSeen, from: number): string {
  const what = [kind, status, code, failedAt].filter(Boolean).join(' ');
  return `${what} ${(settledAt - from).toFixed(0)} ms after the fault began`;
}
