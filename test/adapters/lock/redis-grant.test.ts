import { expect } from 'chai';
import { plus } from '../../../src/adapters/lock/protocol/redis-grant.js';

describe('A token in decimal digits, plus a small number', () => {
  for (const [token, n] of [
    [1_764_551_111_111_111, 0],
    [1_764_551_111_111_000, 31],
    [1_764_551_111_111_968, 31],
    [1_764_551_111_111_969, 31],
    [1_764_551_999_999_999, 1],
    [1_764_551_111_111_111, 3_600_000_000],
    [7, 31],
    [999, 1],
    [1_005, 2],
  ] as const) {
    it(`is the text of the sum: ${token} + ${n}`, () => {
      expect(plus(String(token), n)).to.equal(String(token + n));
    });
  }
});
