import { figure, type Table } from '../../../../bench/table.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { RequestSeen } from '../../../support/traffic/request-log.js';
import { hasFailed } from '../behind-nginx/judge-traffic.js';
import { longestGap } from '../support/longest-gap.js';

/** One fault, from its begin to the recovery. Times are `performance.now()`. */
export interface Episode {
  readonly name: string;
  readonly promisedSeconds?: number | undefined;
  readonly from: number;
  readonly repairedAt: number;
  /** Undefined when it did not recover in time. */
  readonly recoveredAt: number | undefined;
  /** What did not work at the end of the wait. */
  readonly missing?: string | undefined;
}

/** A claim for each, with the names of those that did not recover. */
export function allRecover(episodes: readonly Episode[], withinMs: number): Verdict {
  const never = episodes.filter(({ recoveredAt }) => recoveredAt === undefined);
  const claim = `everything works again within ${withinMs / 1_000} s of each repair`;
  return verdictOf(
    claim,
    episodes.length,
    never.map(({ name, missing }) => `${name}: ${missing}`),
  );
}

/** Requests may be refused with 503. They may also have no answer, from a process that was killed. */
export function noOtherFailure(requests: readonly RequestSeen[]): Verdict {
  const found = requests.filter(({ status }) => status >= 500 && status !== 503);
  return verdictOf(
    'no answer is 5xx except 503',
    requests.length,
    found.map(({ kind, status, code }) => `${kind} ${status} ${code}`),
  );
}

/** That the whole was without a successful answer for no longer than promised. */
export function answersInTime(
  episodes: readonly Episode[],
  requests: readonly RequestSeen[],
): Verdict {
  const promised = episodes.filter(({ promisedSeconds }) => promisedSeconds !== undefined);
  const broken = promised.flatMap((episode) => {
    const { name, promisedSeconds = 0 } = episode;
    const gap = longestSilence(requests, episode);
    return gap > promisedSeconds
      ? [`${name}: ${figure(gap)} s, ${promisedSeconds} s promised`]
      : [];
  });
  const claim = 'no time without a successful answer is longer than promised';
  return verdictOf(claim, promised.length, broken);
}

/** What clients saw of each fault. */
export function tableOf(episodes: readonly Episode[], requests: readonly RequestSeen[]): Table {
  const writes = requests.filter(({ kind }) => kind !== 'read' && kind !== 'settlement');
  const rows = episodes.map((episode) => {
    const { name, from, repairedAt, recoveredAt } = episode;
    const to = recoveredAt ?? Number.POSITIVE_INFINITY;
    const during = requests.filter(({ sentAt }) => sentAt >= from && sentAt <= to);
    return [
      name,
      figure(longestSilence(requests, episode)),
      figure(longestSilence(writes, episode)),
      failures(during),
      recoveredAt === undefined ? 'never' : figure((recoveredAt - repairedAt) / 1_000),
    ];
  });
  return {
    title: `${requests.length} requests`,
    columns: [
      'fault',
      's without an answer',
      's without a write',
      'failed answers',
      's from repair to recovery',
    ],
    rows,
  };
}

function failures(requests: readonly RequestSeen[]): string {
  const failed = requests.filter(hasFailed);
  const byCode = Map.groupBy(failed, ({ status, code }) => code ?? `${status || 'no answer'}`);
  const share = (count: number) => `${((100 * count) / requests.length).toFixed(1)} %`;
  return [...byCode].map(([code, some]) => `${share(some.length)} ${code}`).join(', ') || 'none';
}

/** The longest time without a successful answer until the recovery, in seconds. */
function longestSilence(
  requests: readonly RequestSeen[],
  { from, recoveredAt }: Pick<Episode, 'from' | 'recoveredAt'>,
): number {
  const answered = requests.filter((each) => !hasFailed(each)).map(({ settledAt }) => settledAt);
  const to = recoveredAt ?? answered.reduce((last, at) => Math.max(last, at), from);
  return longestGap(answered, { from, to }) / 1_000;
}
