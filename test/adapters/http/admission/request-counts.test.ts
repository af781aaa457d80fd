import { expect } from 'chai';
import { RequestCounts } from '../../../../src/adapters/http/admission/request-counts.js';

/** Counts that two instances share, with the reports that they got. */
class Ledger {
  readonly reports: number[] = [];
  readonly #sums = new Map<string, number>();
  /** While it is set, no report is answered. */
  silence: Promise<void> | undefined;

  async add(name: string, amount: number): Promise<number> {
    this.reports.push(amount);
    await this.silence;
    const sum = (this.#sums.get(name) ?? 0) + amount;
    this.#sums.set(name, sum);
    return sum;
  }
}

const settled = () => new Promise(setImmediate);

describe('The requests of a user', () => {
  const windowMs = 10_000;
  let ledger: Ledger;
  let now: number;

  beforeEach(() => {
    ledger = new Ledger();
    now = 1_800_000_000_000;
  });

  function counts(limit: number): RequestCounts {
    return new RequestCounts({ name: 'user-writes', limit, windowMs }, ledger, () => now);
  }

  it('are allowed up to the limit, and each answer says what remains', () => {
    const alice = counts(3);
    const taken = Array.from({ length: 5 }, () => alice.take('alice'));
    expect(taken.map(({ isAllowed }) => isAllowed)).to.deep.equal([true, true, true, false, false]);
    expect(taken.map(({ remaining }) => remaining)).to.deep.equal([2, 1, 0, 0, 0]);
  });

  it('are counted for each user alone', () => {
    const all = counts(1);
    expect(all.take('alice').isAllowed).to.equal(true);
    expect(all.take('bob').isAllowed).to.equal(true);
    expect(all.take('alice').isAllowed).to.equal(false);
  });

  it('are allowed again when the window has ended, which is when the answer said', () => {
    const all = counts(1);
    all.take('alice');
    const refused = all.take('alice');
    now += refused.resetsInSeconds * 1_000;
    expect(all.take('alice').isAllowed).to.equal(true);
    // A further whole window passes until the next one.
    expect(all.take('alice').isAllowed).to.equal(false);
  });

  it('have windows that do not all end at once', () => {
    const all = counts(1);
    const ends = Array.from({ length: 100 }, (_, i) => all.take(`user-${i}`).resetsInSeconds);
    expect(new Set(ends).size).to.be.above(5);
  });

  it('of two instances are limited together, but for a tenth of the limit', async () => {
    const [one, other] = [counts(100), counts(100)];
    let allowed = 0;
    for (let i = 0; i < 300; i += 1) {
      if ((i % 2 === 0 ? one : other).take('alice').isAllowed) allowed += 1;
      await settled();
    }
    expect(allowed).to.be.within(100, 110);
  });

  it('cost a report for each tenth of the limit, and none once they are refused', async () => {
    const all = counts(100);
    for (let i = 0; i < 9; i += 1) all.take('alice');
    expect(ledger.reports).to.deep.equal([]);
    for (let i = 0; i < 500; i += 1) {
      all.take('alice');
      await settled();
    }
    expect(ledger.reports).to.deep.equal(Array(10).fill(10));
  });

  it('are decided without an answer of Redis, with one report at a time', async () => {
    const answered = Promise.withResolvers<void>();
    ledger.silence = answered.promise;
    const all = counts(20);
    const allowed = Array.from({ length: 30 }, () => all.take('alice')).filter(
      ({ isAllowed }) => isAllowed,
    );
    expect(allowed).to.have.length(20);
    expect(ledger.reports).to.deep.equal([2]);
    answered.resolve();
    await settled();
    expect(all.take('alice').isAllowed).to.equal(false);
  });

  it('that a Redis does not know, because it was restarted, are not allowed a second time', async () => {
    const all = counts(20);
    for (let i = 0; i < 10; i += 1) all.take('alice');
    await settled();
    ledger.add = async () => 1;
    const more = Array.from({ length: 20 }, () => all.take('alice'));
    await settled();
    expect(more.filter(({ isAllowed }) => isAllowed)).to.have.length(10);
    expect(all.take('alice').isAllowed).to.equal(false);
  });
});
