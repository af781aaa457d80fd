import { expect } from 'chai';
import { cacheable } from '../../../bench/cache/contestants/cacheable.js';
import { layeredLoader } from '../../../bench/cache/contestants/layered-loader.js';
import { lockstep } from '../../../bench/cache/contestants/lockstep.js';
import { type Latency, latencyOf, WARM_UP_WRITES } from '../../../bench/cache/figures/latency.js';
import type { Outcome } from '../../../bench/cache/outcome.js';
import { latencyThresholds } from '../../../bench/cache/thresholds/latency-thresholds.js';

const begun = Array.from({ length: WARM_UP_WRITES + 100 }, (_, at) => at * 10);
const readAfter = (ms: (at: number) => number) => begun.map((time, at) => time + ms(at));

const turns = (...p99s: readonly number[]): Latency[] => p99s.map((p99) => ({ p50: 1, p99 }));

const outcome = ({ id }: { readonly id: string }, latency: readonly Latency[]): Outcome => ({
  ...{ contestant: id, l1: [], l2: [], latency, stale: {} },
  stampede: { loads: 1, most: 1 },
});

function p99Of(own: readonly Latency[], ...peers: readonly Outcome[]) {
  const thresholds = latencyThresholds([outcome(lockstep, own), ...peers]);
  return thresholds.find(({ promise }) => promise.endsWith('p99'));
}

describe('The time until a write is seen', () => {
  it('does not count the writes of the warm-up', () => {
    const read = readAfter((at) => (at < WARM_UP_WRITES ? 5_000 : 2));
    expect(latencyOf(begun, read)).to.deep.equal({ p50: 2, p99: 2 });
  });

  it('is infinite for a version that was never read', () => {
    const read = readAfter(() => 2).slice(0, -2);
    expect(latencyOf(begun, read)).to.deep.equal({ p50: 2, p99: Number.POSITIVE_INFINITY });
  });

  it('is compared turn by turn with the peer that comes closest', () => {
    const far = outcome(cacheable, turns(20, 40, 80));
    const close = outcome(layeredLoader, turns(10, 5, 40));
    const threshold = p99Of(turns(5, 10, 20), far, close);
    expect(threshold).to.include({
      measured: '0.50 (0.50 to 2.00) of layered-loader',
      passed: true,
    });
  });

  it('is not passed by a write that was never seen, whatever the peers show', () => {
    const never = Number.POSITIVE_INFINITY;
    const peer = outcome(layeredLoader, turns(never, 10, 10));
    expect(p99Of(turns(never, 1, 1), peer)).to.include({ passed: false });
    expect(p99Of(turns(never, never, never), outcome(layeredLoader, turns(9, 9, 9)))).to.include({
      passed: false,
    });
  });
});
