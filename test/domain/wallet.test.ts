import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_POINTS } from '../../src/domain/wallets/points.js';
import { Wallet } from '../../src/domain/wallets/wallet.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');

describe('Wallet', () => {
  it('records every change with its amount and the balance after it', () => {
    const charged = Wallet.open('u').charge(100, 'e1', NOW);
    const paid = charged.wallet.pay(30, 'o1', 'e2', NOW);
    const refunded = paid.wallet.refund(30, 'o1', 'e3', NOW);
    const lines = [charged, paid, refunded].map(({ entry }) => [
      entry.kind,
      entry.amount,
      entry.balance,
      entry.orderId,
    ]);
    expect(lines).to.deep.equal([
      ['CHARGE', 100, 100, null],
      ['PAYMENT', -30, 70, 'o1'],
      ['REFUND', 30, 100, 'o1'],
    ]);
  });

  it('pays with its last point and no more', () => {
    const { wallet } = Wallet.open('u').charge(10, 'e', NOW);
    expect(wallet.pay(10, 'o', 'e', NOW).wallet.state.balance).to.equal(0);
    const refused = () => wallet.pay(11, 'o', 'e', NOW);
    expect(refused).to.throw().with.property('code', 'insufficient_points');
  });

  it('holds no more points than a number can represent exactly', () => {
    const full = Wallet.restore({ userId: 'u', balance: MAX_POINTS - 1, version: 1 });
    expect(full.charge(1, 'e', NOW).wallet.state.balance).to.equal(MAX_POINTS);
    const refused = () => full.charge(2, 'e', NOW);
    expect(refused).to.throw().with.property('code', 'wallet_limit_exceeded');
  });

  it('has a balance that is the sum of its entries, whatever happens', () => {
    const movement = fc.record({
      kind: fc.constantFrom('charge', 'pay', 'refund'),
      amount: fc.integer({ min: 1, max: 1_000_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(movement), (movements) => {
        let wallet = Wallet.open('u');
        let sum = 0;
        for (const { kind, amount } of movements) {
          if (kind === 'pay' && amount > wallet.state.balance) continue;
          const moved =
            kind === 'charge'
              ? wallet.charge(amount, 'e', NOW)
              : wallet[kind as 'pay' | 'refund'](amount, 'o', 'e', NOW);
          wallet = moved.wallet;
          sum += moved.entry.amount;
        }
        return wallet.state.balance === sum && sum >= 0;
      }),
    );
  });
});
