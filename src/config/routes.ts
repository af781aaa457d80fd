import type { Container } from 'inversify';
import { Cursors } from '../adapters/http/requests/cursor.js';
import type { AnyRoute } from '../adapters/http/route.js';
import { likeRoutes } from '../adapters/http/routes/like-routes.js';
import { orderRequestRoutes } from '../adapters/http/routes/order-request-routes.js';
import { orderRoutes } from '../adapters/http/routes/order-routes.js';
import { paymentRoutes } from '../adapters/http/routes/payment-routes.js';
import { popularRoutes } from '../adapters/http/routes/popular-routes.js';
import { productRoutes } from '../adapters/http/routes/product-routes.js';
import { reservationRoutes } from '../adapters/http/routes/reservation-routes.js';
import { stockRoutes } from '../adapters/http/routes/stock-routes.js';
import { walletRoutes } from '../adapters/http/routes/wallet-routes.js';
import { CachedProducts } from '../application/catalogue/cached-products.js';
import { CreateProduct } from '../application/catalogue/create-product.js';
import { RestockProduct } from '../application/catalogue/restock-product.js';
import { ReviseProduct } from '../application/catalogue/revise-product.js';
import { SetLike } from '../application/catalogue/set-like.js';
import { CustomerConcurrency } from '../application/order-queue/customer-concurrency.js';
import { EnqueueOrder } from '../application/order-queue/enqueue-order.js';
import { FindOwnOrderRequest } from '../application/order-queue/find-own-order-request.js';
import { SettlementNotifier } from '../application/order-queue/settlement-notifier.js';
import { CancelOrder } from '../application/orders/cancel-order.js';
import { FindOwnOrder } from '../application/orders/find-own-order.js';
import { PayOrderByPoints } from '../application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../application/orders/place-order.js';
import { PayOrderByCard } from '../application/payments/pay-order-by-card.js';
import { FindPopular } from '../application/popularity/find-popular.js';
import { ConfirmReservation } from '../application/reservations/confirm-reservation.js';
import { FindOwnReservation } from '../application/reservations/find-own-reservation.js';
import { ReleaseReservation } from '../application/reservations/release-reservation.js';
import { ReserveUnits } from '../application/reservations/reserve-units.js';
import { ChargeWallet } from '../application/wallets/charge-wallet.js';
import { ProductQueries } from '../domain/catalogue/ports.js';
import { OrderQueries } from '../domain/orders/ports.js';
import { StockQueries } from '../domain/stock/ports.js';
import { WalletQueries } from '../domain/wallets/ports.js';
import { Installation } from './modules/sql-bindings.js';
import type { Settings } from './settings/settings.js';

/** All routes of the service, with the use cases that they call. */
export function routesOf(container: Container, settings: Settings): AnyRoute[] {
  const cursors = new Cursors(container.get(Installation).secret);
  return [
    ...popularRoutes(container.get(FindPopular)),
    ...productRoutes({
      cursors,
      products: container.get(ProductQueries),
      cachedProducts: container.get(CachedProducts),
      createProduct: container.get(CreateProduct),
      reviseProduct: container.get(ReviseProduct),
    }),
    ...stockRoutes({
      stocks: container.get(StockQueries),
      restockProduct: container.get(RestockProduct),
    }),
    ...likeRoutes(container.get(SetLike)),
    ...walletRoutes({
      cursors,
      wallets: container.get(WalletQueries),
      chargeWallet: container.get(ChargeWallet),
    }),
    ...orderRoutes({
      cursors,
      orders: container.get(OrderQueries),
      findOwnOrder: container.get(FindOwnOrder),
      customerConcurrency: new CustomerConcurrency(),
      placeOrder: container.get(PlaceOrder),
      enqueueOrder: container.get(EnqueueOrder),
    }),
    ...paymentRoutes({
      payOrderByPoints: container.get(PayOrderByPoints),
      payOrderByCard: container.get(PayOrderByCard),
      cancelOrder: container.get(CancelOrder),
    }),
    ...reservationRoutes({
      findOwnReservation: container.get(FindOwnReservation),
      reserveUnits: container.get(ReserveUnits),
      confirmReservation: container.get(ConfirmReservation),
      releaseReservation: container.get(ReleaseReservation),
    }),
    ...orderRequestRoutes({
      findOwnOrderRequest: container.get(FindOwnOrderRequest),
      settlements: container.get(SettlementNotifier),
      heartbeatMs: settings.ORDER_STREAM_HEARTBEAT_MS,
    }),
  ];
}
