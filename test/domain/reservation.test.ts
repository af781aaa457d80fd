import { expect } from 'chai';
import { Reservation, type ReservationStatus } from '../../src/domain/reservations/reservation.js';
import { MAX_POINTS } from '../../src/domain/wallets/points.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const HOLD_MS = 60_000;
const LAST = new Date(NOW.getTime() + HOLD_MS - 1);
const OVER = new Date(NOW.getTime() + HOLD_MS);

function hold(unitPrice = 10, quantity = 2): Reservation {
  const fields = { id: 'r', userId: 'alice', productId: 'p', quantity, unitPrice };
  return Reservation.hold(fields, NOW, HOLD_MS);
}

function inStatus(status: ReservationStatus): Reservation {
  const orderId = status === 'CONFIRMED' ? 'o' : null;
  return Reservation.restore({ ...hold().state, status, orderId });
}

describe('Reservation', () => {
  it('holds its units for the requested time', () => {
    const { status, orderId, expiresAt, createdAt } = hold().state;
    expect({ status, orderId, createdAt }).to.deep.equal({
      status: 'HELD',
      orderId: null,
      createdAt: NOW,
    });
    expect(expiresAt).to.deep.equal(OVER);
  });

  it('holds no more units than an order may have', () => {
    expect(hold(MAX_POINTS, 1).state.unitPrice).to.equal(MAX_POINTS);
    const refused = () => hold(Math.ceil(MAX_POINTS / 2), 2);
    expect(refused).to.throw().with.property('code', 'order_total_too_large');
  });

  it('can be confirmed until its last millisecond, by one order', () => {
    const { status, orderId } = hold().confirm('o', LAST).state;
    expect({ status, orderId }).to.deep.equal({ status: 'CONFIRMED', orderId: 'o' });
    const late = () => hold().confirm('o', OVER);
    expect(late).to.throw('time').with.property('code', 'reservation_expired');
  });

  it('refuses a late confirmation with the same code before and after the sweep', () => {
    const late = () => inStatus('EXPIRED').confirm('o', NOW);
    expect(late).to.throw().with.property('code', 'reservation_expired');
  });

  for (const status of ['CONFIRMED', 'RELEASED'] as const) {
    for (const now of [NOW, OVER]) {
      it(`is not confirmed when it is ${status}, ${now === NOW ? 'in time' : 'late'}`, () => {
        const again = () => inStatus(status).confirm('other', now);
        expect(again).to.throw().with.property('code', 'reservation_not_confirmable');
      });
    }
  }

  it('names the order when it is confirmed again', () => {
    const again = () => inStatus('CONFIRMED').confirm('other', NOW);
    expect(again).to.throw().with.deep.property('details', {
      reservationId: 'r',
      reservationStatus: 'CONFIRMED',
      orderId: 'o',
    });
  });

  it('is released once, and a second release changes nothing', () => {
    const released = hold().release();
    expect(released?.state.status).to.equal('RELEASED');
    expect(released?.release()).to.equal(undefined);
    expect(inStatus('EXPIRED').release()).to.equal(undefined);
  });

  it('is not released when its units belong to an order', () => {
    const release = () => inStatus('CONFIRMED').release();
    expect(release).to.throw().with.property('code', 'reservation_not_releasable');
  });

  it('expires when its time is over, not a millisecond before', () => {
    expect(hold().expire(LAST)).to.equal(undefined);
    expect(hold().expire(OVER)?.state.status).to.equal('EXPIRED');
  });

  for (const status of ['CONFIRMED', 'RELEASED', 'EXPIRED'] as const) {
    it(`does not expire when it is ${status}`, () => {
      expect(inStatus(status).expire(OVER)).to.equal(undefined);
    });
  }

  it('is hidden from everyone but its owner', () => {
    expect(() => hold().requireOwner('alice')).not.to.throw();
    const ask = () => hold().requireOwner('bob');
    expect(ask).to.throw().with.property('code', 'reservation_not_found');
  });
});
