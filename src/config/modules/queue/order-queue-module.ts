import { ContainerModule } from 'inversify';
import { OutboxSignal } from '../../../adapters/jobs/relay-outbox-job.js';
import type { OrderQueueMetrics } from '../../../adapters/telemetry/order-queue-metrics.js';
import { KnownProducts } from '../../../application/catalogue/known-products.js';
import { EnqueueOrder } from '../../../application/order-queue/enqueue-order.js';
import { FindOwnOrderRequest } from '../../../application/order-queue/find-own-order-request.js';
import { RejectOrderRequest } from '../../../application/order-queue/reject-order-request.js';
import { SettleOrderRequests } from '../../../application/order-queue/settle-order-requests.js';
import { SettlementNotifier } from '../../../application/order-queue/settlement-notifier.js';
import { Placement } from '../../../application/orders/placement.js';
import type { OrderRequestState } from '../../../domain/orders/order-request.js';
import { OrderRequestQueries } from '../../../domain/orders/ports.js';
import { Clock } from '../../../domain/ports/clock.js';
import { IdGenerator } from '../../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../../domain/ports/unit-of-work.js';
import { quotasOf } from '../../settings/order-settings.js';
import type { Settings } from '../../settings/settings.js';
import { singleton } from '../singleton.js';

/** Orders through the queue: stored in the outbox, relayed, and settled in order. */
export function orderQueueModule(
  settings: Settings,
  settledAt: OrderQueueMetrics['settled'],
): ContainerModule {
  const quotas = quotasOf(settings);
  const observer = (clock: Clock) => (settled: readonly OrderRequestState[]) =>
    settledAt(settled, clock.now());
  return new ContainerModule(({ bind }) => {
    bind(OutboxSignal).toConstantValue(new OutboxSignal());
    bind(EnqueueOrder)
      .toResolvedValue(
        (
          unitOfWork: UnitOfWork,
          products: KnownProducts,
          ids: IdGenerator,
          clock: Clock,
          outbox: OutboxSignal,
        ) =>
          new EnqueueOrder(
            unitOfWork,
            products,
            ids,
            clock,
            outbox.notify,
            observer(clock),
            quotas,
          ),
        [UnitOfWork, KnownProducts, IdGenerator, Clock, OutboxSignal],
      )
      .inSingletonScope();
    singleton(bind, FindOwnOrderRequest, FindOwnOrderRequest, [OrderRequestQueries]);
    singleton(bind, SettlementNotifier, SettlementNotifier, [OrderRequestQueries]);
    bind(RejectOrderRequest)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, clock: Clock) =>
          new RejectOrderRequest(unitOfWork, observer(clock)),
        [UnitOfWork, Clock],
      )
      .inSingletonScope();
    bind(SettleOrderRequests)
      .toResolvedValue(
        (
          unitOfWork: UnitOfWork,
          requests: OrderRequestQueries,
          products: KnownProducts,
          ids: IdGenerator,
          clock: Clock,
        ) => {
          const placement = new Placement(ids, clock, settings.ORDER_PAYMENT_WINDOW_MS, quotas);
          return new SettleOrderRequests(
            unitOfWork,
            requests,
            products,
            placement,
            observer(clock),
          );
        },
        [UnitOfWork, OrderRequestQueries, KnownProducts, IdGenerator, Clock],
      )
      .inSingletonScope();
  });
}
