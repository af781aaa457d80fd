import { expect } from 'chai';
import { CardPayment, type CardPaymentStatus } from '../../src/domain/payments/card-payment.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);

function started(): CardPayment {
  return CardPayment.start({ id: 'p', orderId: 'o', userId: 'alice', amount: 5 }, NOW, 1000);
}

/** Every transition. */
const MOVES: Readonly<Record<string, (payment: CardPayment) => CardPayment>> = {
  confirm: (payment) => payment.confirm(NOW, 2),
  decline: (payment) => payment.decline(),
  giveUp: (payment) => payment.giveUp('not_reached'),
  captured: (payment) => payment.captured(),
  cancel: (payment) => payment.cancel(NOW),
  voided: (payment) => payment.voided(),
  voidedTooLate: (payment) => payment.voidedTooLate(),
  refunded: (payment) => payment.refunded(),
};

/** The status after each transition. Any other transition leaves the payment unchanged. */
const LEADS: Readonly<Record<CardPaymentStatus, Readonly<Record<string, CardPaymentStatus>>>> = {
  STARTED: { confirm: 'CONFIRMED', decline: 'DECLINED', giveUp: 'VOIDING' },
  CONFIRMED: { captured: 'CAPTURED', cancel: 'VOIDING' },
  CAPTURED: { cancel: 'REFUNDING' },
  DECLINED: {},
  VOIDING: { voided: 'VOIDED', voidedTooLate: 'REFUNDING' },
  VOIDED: {},
  REFUNDING: { refunded: 'REFUNDED' },
  REFUNDED: {},
};

/** Every payment that can be reached by transitions, one in each status. */
function reachable(): CardPayment[] {
  const found = new Map<string, CardPayment>();
  const waiting = [started()];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { status, refusal, paidAt } = next.state;
    const name = `${status} ${refusal} ${paidAt !== null}`;
    if (found.has(name)) continue;
    found.set(name, next);
    for (const move of Object.values(MOVES)) waiting.push(move(next));
  }
  return [...found.values()];
}

describe('A card payment', () => {
  it('follows the allowed transitions, and ignores an answer that comes too late', () => {
    const statuses = new Set(reachable().map(({ state }) => state.status));
    expect([...statuses]).to.have.members(Object.keys(LEADS));
    for (const payment of reachable()) {
      const { status } = payment.state;
      for (const [name, move] of Object.entries(MOVES)) {
        const expected = LEADS[status][name] ?? status;
        expect(move(payment).state.status, `${status}, ${name}`).to.equal(expected);
      }
    }
  });

  it('never pays an order after it was abandoned', () => {
    for (const payment of reachable().filter(({ state }) => state.refusal !== null)) {
      expect(payment.state.paidAt).to.equal(null);
      expect(payment.captured().state.status).not.to.equal('CAPTURED');
    }
  });

  it('is due until it is settled, and never afterwards', () => {
    for (const payment of reachable()) {
      expect(payment.state.dueAt === null, payment.state.status).to.equal(payment.isSettled);
      expect(payment.postpone(NOW).state.dueAt === null).to.equal(payment.isSettled);
    }
  });

  it('allows another card only when no money is held on this one', () => {
    const over = reachable().filter(({ isLive }) => !isLive);
    const statuses = new Set(over.map(({ state }) => state.status));
    expect([...statuses]).to.have.members(['DECLINED', 'VOIDED', 'REFUNDED']);
  });

  it('belongs to one process at a time, until its claim ends or is released', () => {
    const payment = started();
    expect(payment.claim(at(999), 1000)).to.equal(undefined);
    const claimed = payment.claim(at(1000), 1000);
    expect(claimed?.state).to.deep.include({ busyUntil: at(2000), dueAt: at(2000) });
    expect(claimed?.claim(at(1999), 1000)).to.equal(undefined);
    expect(claimed?.postpone(at(1100)).claim(at(1100), 1000)).not.to.equal(undefined);
    expect(payment.decline().claim(at(5000), 1000)).to.equal(undefined);
  });

  it('is retried after longer and longer pauses, up to a minute, and soon again after a success', () => {
    let payment = started();
    const pauses: number[] = [];
    for (let i = 0; i < 10; i++) {
      payment = payment.postpone(NOW);
      pauses.push(Number(payment.state.dueAt) - NOW.getTime());
    }
    expect(pauses.slice(0, 4)).to.deep.equal([250, 500, 1000, 2000]);
    expect(pauses.at(-1)).to.equal(60_000);
    expect(payment.giveUp('not_reached').postpone(NOW).state.dueAt).to.deep.equal(at(250));
  });

  it('continues at once when its order is cancelled, also while another process drives it', () => {
    const confirmed = started().confirm(NOW, 2);
    for (const payment of [confirmed, confirmed.captured()]) {
      const { busyUntil, dueAt } = payment.cancel(at(10)).state;
      expect({ busyUntil, dueAt }).to.deep.equal({ busyUntil: at(10), dueAt: at(10) });
    }
  });
});
