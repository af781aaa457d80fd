import { expect } from 'chai';
import { uuidV7 } from '../../../src/adapters/system/uuid-v7.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** More than the random bytes that are drawn at once serve. */
const MANY = 2_000;

describe('uuidV7', () => {
  const { now } = Date;
  afterEach(() => {
    Date.now = now;
  });

  const idsAt = (clock: () => number) => {
    Date.now = clock;
    return Array.from({ length: MANY }, () => uuidV7());
  };

  it('returns ids of version 7 that start with the time', () => {
    const at = now() + 60_000;
    for (const id of idsAt(() => at)) {
      expect(id).to.match(UUID_V7);
      expect(id.replace('-', '').slice(0, 12)).to.equal(at.toString(16).padStart(12, '0'));
    }
  });

  it('returns ids in ascending order, in one millisecond and when the clock goes back', () => {
    const at = now() + 120_000;
    let ms = at + MANY;
    const ids = [...idsAt(() => at), ...idsAt(() => ms--), ...idsAt(() => at)];
    expect(ids).to.deep.equal([...ids].sort());
    expect(new Set(ids)).to.have.lengthOf(3 * MANY);
  });

  it('ends each id with new random bytes', () => {
    const ends = idsAt(now).map((id) => id.slice(-12));
    expect(new Set(ends)).to.have.lengthOf(MANY);
  });
});
