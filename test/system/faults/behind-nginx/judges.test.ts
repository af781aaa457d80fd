import { expect } from 'chai';
import type { Verdict } from '../../../../tools/invariants/verdict.js';
import type { RequestSeen } from '../../../support/traffic/request-log.js';
import { freshness } from './freshness.js';
import {
  allSettle,
  failOnlyAround,
  noneFailed,
  nothingElse,
  readsFailed,
  readsInTime,
  refusedInOrder,
} from './judge-traffic.js';
import type { Traffic } from './traffic.js';

const span = { from: 1_000, to: 2_000 };
const read: RequestSeen = { kind: 'read', sentAt: 1_000, settledAt: 1_010, status: 200 };
const order: RequestSeen = { ...read, kind: 'order', status: 201 };

function traffic(requests: RequestSeen[], unsettled: string[] = []): Traffic {
  return { requests, orders: [], payments: [], unsettled };
}

function isBroken({ broken }: Verdict): boolean {
  return broken.length > 0;
}

describe('The judges of a cluster under faults', () => {
  it('find a value that was replaced longer than the staleness bound before the request, and no other', () => {
    const writes = [
      { version: 2, knownAt: 100 },
      { version: 3, knownAt: 5_000 },
    ];
    const at = (version: number, askedAt: number) =>
      isBroken(freshness(writes, [{ from: 'instance-1', version, askedAt }]));
    expect(at(1, 1_100)).to.equal(false);
    expect(at(1, 1_101)).to.equal(true);
    expect(at(2, 5_500)).to.equal(false);
    expect(at(2, 6_001)).to.equal(true);
    expect(at(3, 9_000)).to.equal(false);
  });

  it('find no evidence without requests, and none for freshness without changes', () => {
    const nothing = traffic([]);
    const around = { moments: [1_000], ms: 500 };
    for (const verdict of [
      readsFailed(nothing, 1),
      readsInTime(nothing, span, 300),
      noneFailed(nothing, span),
      refusedInOrder(nothing, span, ['resource_busy']),
      failOnlyAround(nothing, span, around),
      allSettle(nothing),
      nothingElse(nothing, span),
      freshness([], [{ from: 'instance-1', version: 1, askedAt: 1 }]),
      freshness([{ version: 2, knownAt: 1 }], []),
    ]) {
      expect(isBroken(verdict), verdict.claim).to.equal(true);
    }
  });

  it('count failed reads', () => {
    const reads = Array.from({ length: 100 }, () => read);
    const failed = { ...read, status: 503 };
    expect(isBroken(readsFailed(traffic([...reads, failed]), 1))).to.equal(false);
    expect(isBroken(readsFailed(traffic([...reads, failed, failed]), 1))).to.equal(true);
  });

  it('find a slow read that was sent in the span', () => {
    const judged = (sentAt: number, ms: number) =>
      isBroken(
        readsInTime(traffic([read, { ...read, sentAt, settledAt: sentAt + ms }]), span, 300),
      );
    expect(judged(1_500, 300)).to.equal(false);
    expect(judged(1_500, 301)).to.equal(true);
    expect(judged(999, 301)).to.equal(false);
  });

  it('find a failed request where none may fail', () => {
    expect(isBroken(noneFailed(traffic([read, order]), span))).to.equal(false);
    for (const status of [0, 500, 503]) {
      expect(isBroken(noneFailed(traffic([{ ...order, status }]), span))).to.equal(true);
    }
  });

  it('find a failure that is not an expected refusal', () => {
    const codes = ['resource_busy'];
    const judged = (status: number, code: string) =>
      isBroken(refusedInOrder(traffic([{ ...order, status, code }]), span, codes));
    expect(judged(503, 'resource_busy')).to.equal(false);
    expect(judged(503, 'internal')).to.equal(true);
    expect(judged(500, 'resource_busy')).to.equal(true);
  });

  it('find an order that failed after the fault was over', () => {
    const judged = (sentAt: number) => {
      const failed = { ...order, sentAt, settledAt: sentAt + 5, status: 503 };
      return isBroken(failOnlyAround(traffic([failed]), span, { moments: [1_000], ms: 500 }));
    };
    expect([judged(900), judged(1_400), judged(1_600)]).to.deep.equal([true, false, true]);
  });

  it('find an order that was never settled, and an answer without a request', () => {
    expect(isBroken(allSettle(traffic([], ['k'])))).to.equal(true);
    const refused = { ...order, status: 409, code: 'insufficient_stock' };
    expect(isBroken(nothingElse(traffic([refused]), span))).to.equal(true);
    const underWay = { ...refused, code: 'idempotency_in_progress' };
    expect(isBroken(nothingElse(traffic([underWay]), span))).to.equal(false);
  });
});
