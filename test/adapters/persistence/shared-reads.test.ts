import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { SharedReads } from '../../../src/adapters/persistence/sql/shared-reads.js';
import { rejection } from '../../support/rejection.js';

/** A statement that was sent and waits for its end. */
interface Sent {
  readonly ids: readonly string[];
  end(rows: Readonly<Record<string, number>>): void;
  fail(error: Error): void;
}

describe('SharedReads', () => {
  let sent: Sent[];
  let reads: SharedReads<number>;

  beforeEach(() => {
    sent = [];
    reads = new SharedReads<number>((ids) => {
      const { promise, resolve, reject } = Promise.withResolvers<Map<string, number>>();
      sent.push({ ids, end: (rows) => resolve(new Map(Object.entries(rows))), fail: reject });
      return promise;
    });
  });

  /** The statements that were sent until now. */
  const sentIds = async () => {
    await turn();
    return sent.map(({ ids }) => ids);
  };

  it('sends the statement of a lone read at once', async () => {
    const read = reads.get('a');
    expect(await sentIds()).to.deep.equal([['a']]);
    sent[0]?.end({ a: 1 });
    expect(await read).to.equal(1);
  });

  it('answers undefined for an id without a row', async () => {
    const read = reads.get('a');
    await turn();
    sent[0]?.end({});
    expect(await read).to.equal(undefined);
  });

  it('sends the reads that came during two statements together, each id once', async () => {
    const first = [reads.get('a')];
    await turn();
    const second = [reads.get('b')];
    await turn();
    const later = ['a', 'c', 'a', 'd'].map((id) => reads.get(id));
    expect(await sentIds()).to.deep.equal([['a'], ['b']]);
    sent[1]?.end({ b: 2 });
    await Promise.all(second);
    expect(await sentIds()).to.deep.equal([['a'], ['b'], ['a', 'c', 'd']]);
    sent[0]?.end({ a: 1 });
    expect(await Promise.all(first)).to.deep.equal([1]);
    sent[2]?.end({ a: 7, c: 8, d: 9 });
    expect(await Promise.all(later)).to.deep.equal([7, 8, 7, 9]);
  });

  it('never answers from a statement that began before the read', async () => {
    const first = reads.get('a');
    await turn();
    const second = reads.get('a');
    await turn();
    const third = reads.get('a');
    await turn();
    sent[0]?.end({ a: 1 });
    sent[1]?.end({ a: 2 });
    expect([await first, await second]).to.deep.equal([1, 2]);
    await turn();
    sent[2]?.end({ a: 3 });
    expect(await third).to.equal(3);
  });

  it('fails only the reads of a failed statement', async () => {
    const first = reads.get('a');
    await turn();
    const second = reads.get('b');
    await turn();
    const later = reads.get('c');
    sent[0]?.fail(new Error('unreachable'));
    expect(await rejection(first)).to.have.property('message', 'unreachable');
    await turn();
    sent[1]?.end({ b: 2 });
    sent[2]?.end({ c: 3 });
    expect([await second, await later]).to.deep.equal([2, 3]);
  });

  it('divides very many reads among statements', async () => {
    const ids = Array.from({ length: 1_200 }, (_, i) => `${i}`);
    const all = Promise.all(ids.map((id) => reads.get(id)));
    for (let ended = 0; ended < 3; ended += 1) {
      await turn();
      sent[ended]?.end(Object.fromEntries((sent[ended]?.ids ?? []).map((id) => [id, Number(id)])));
    }
    expect(await all).to.deep.equal(ids.map(Number));
    expect(sent.map(({ ids: each }) => each.length)).to.deep.equal([512, 512, 176]);
  });
});
