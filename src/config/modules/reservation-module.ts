import { ContainerModule } from 'inversify';
import { KnownProducts } from '../../application/catalogue/known-products.js';
import { ExpireOrder } from '../../application/orders/expire-order.js';
import { ConfirmReservation } from '../../application/reservations/confirm-reservation.js';
import { ExpireReservation } from '../../application/reservations/expire-reservation.js';
import { FindOwnReservation } from '../../application/reservations/find-own-reservation.js';
import { ReleaseReservation } from '../../application/reservations/release-reservation.js';
import { ReserveUnits } from '../../application/reservations/reserve-units.js';
import { PurgeSettledRequests } from '../../application/sweeping/purge-settled-requests.js';
import { SweepExpired } from '../../application/sweeping/sweep-expired.js';
import { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import { OrderQueries, SettledOrderRequests } from '../../domain/orders/ports.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { ExpiryQueries, ReservationQueries } from '../../domain/reservations/ports.js';
import { quotasOf } from '../settings/order-settings.js';
import type { Settings } from '../settings/settings.js';
import { singleton } from './singleton.js';

/** Reservations, and the sweeps that end what has expired. */
export function reservationModule(settings: Settings): ContainerModule {
  const {
    ORDER_PAYMENT_WINDOW_MS: windowMs,
    SWEEPER_LEASE_MS: leaseMs,
    ORDER_REQUEST_RETENTION_MS: retentionMs,
  } = settings;
  const quotas = quotasOf(settings);
  return new ContainerModule(({ bind }) => {
    bind(ReserveUnits)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, products: KnownProducts, ids: IdGenerator, clock: Clock) =>
          new ReserveUnits(unitOfWork, products, ids, clock, quotas),
        [UnitOfWork, KnownProducts, IdGenerator, Clock],
      )
      .inSingletonScope();
    bind(ConfirmReservation)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, queries: ReservationQueries, ids: IdGenerator, clock: Clock) =>
          new ConfirmReservation(unitOfWork, queries, ids, clock, windowMs, quotas),
        [UnitOfWork, ReservationQueries, IdGenerator, Clock],
      )
      .inSingletonScope();
    singleton(bind, ReleaseReservation, ReleaseReservation, [UnitOfWork, ReservationQueries]);
    singleton(bind, FindOwnReservation, FindOwnReservation, [ReservationQueries]);
    singleton(bind, ExpireReservation, ExpireReservation, [UnitOfWork, ReservationQueries, Clock]);
    singleton(bind, ExpireOrder, ExpireOrder, [UnitOfWork, OrderQueries, Clock]);
    bind(SweeperElection)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, clock: Clock, ids: IdGenerator) =>
          // Not INSTANCE_ID: a restarted instance may have the same one.
          new SweeperElection(unitOfWork, clock, ids.next(), leaseMs),
        [UnitOfWork, Clock, IdGenerator],
      )
      .inSingletonScope();
    bind(PurgeSettledRequests)
      .toResolvedValue(
        (requests: SettledOrderRequests, leader: SweeperElection, clock: Clock) =>
          new PurgeSettledRequests(requests, leader, clock, retentionMs),
        [SettledOrderRequests, SweeperElection, Clock],
      )
      .inSingletonScope();
    singleton(bind, SweepExpired, SweepExpired, [
      ExpiryQueries,
      SweeperElection,
      ExpireOrder,
      ExpireReservation,
      Clock,
    ]);
  });
}
