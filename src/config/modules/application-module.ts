import { ContainerModule } from 'inversify';
import { CachedProducts } from '../../application/catalogue/cached-products.js';
import { CountLikes } from '../../application/catalogue/count-likes.js';
import { CreateProduct } from '../../application/catalogue/create-product.js';
import { KnownProducts } from '../../application/catalogue/known-products.js';
import { LikeBatches } from '../../application/catalogue/like-batches.js';
import { RestockProduct } from '../../application/catalogue/restock-product.js';
import { ReviseProduct } from '../../application/catalogue/revise-product.js';
import { SeedCatalogue } from '../../application/catalogue/seed-catalogue.js';
import { SetLike } from '../../application/catalogue/set-like.js';
import { CancelOrder } from '../../application/orders/cancel-order.js';
import { FindOwnOrder } from '../../application/orders/find-own-order.js';
import { PayOrderByPoints } from '../../application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../application/orders/place-order.js';
import { CountBuyers } from '../../application/popularity/count-buyers.js';
import { FindPopular } from '../../application/popularity/find-popular.js';
import { Rankings } from '../../application/popularity/rankings.js';
import { RebuildRanking } from '../../application/popularity/rebuild-ranking.js';
import { RecordSales } from '../../application/popularity/record-sales.js';
import { RefreshRanking } from '../../application/popularity/refresh-ranking.js';
import { ChargeWallet } from '../../application/wallets/charge-wallet.js';
import { LikeQueries, ProductQueries } from '../../domain/catalogue/ports.js';
import { OrderQueries } from '../../domain/orders/ports.js';
import { RankingQueries, SalesQueries } from '../../domain/popularity/ports.js';
import { SalesRanking } from '../../domain/popularity/sales-ranking.js';
import { CachePort } from '../../domain/ports/cache-port.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { quotasOf } from '../settings/order-settings.js';
import type { Settings } from '../settings/settings.js';
import { singleton } from './singleton.js';

/** The use cases. */
export function applicationModule(settings: Settings): ContainerModule {
  return new ContainerModule(({ bind }) => {
    singleton(bind, CachedProducts, CachedProducts, [CachePort, ProductQueries]);
    singleton(bind, KnownProducts, KnownProducts, [ProductQueries]);
    singleton(bind, CreateProduct, CreateProduct, [UnitOfWork, IdGenerator, Clock]);
    singleton(bind, ReviseProduct, ReviseProduct, [UnitOfWork, Clock]);
    singleton(bind, RestockProduct, RestockProduct, [UnitOfWork]);
    singleton(bind, SeedCatalogue, SeedCatalogue, [UnitOfWork, ProductQueries, IdGenerator, Clock]);
    singleton(bind, LikeBatches, LikeBatches, [UnitOfWork]);
    singleton(bind, SetLike, SetLike, [CachedProducts, LikeBatches]);
    singleton(bind, CountLikes, CountLikes, [UnitOfWork, LikeQueries]);
    singleton(bind, RecordSales, RecordSales, [SalesQueries, SalesRanking]);
    singleton(bind, RebuildRanking, RebuildRanking, [SalesRanking, SalesQueries, Clock]);
    singleton(bind, Rankings, Rankings, [CachePort, RankingQueries, UnitOfWork]);
    singleton(bind, RefreshRanking, RefreshRanking, [SalesRanking, SalesQueries, Rankings, Clock]);
    singleton(bind, CountBuyers, CountBuyers, [SalesRanking, Clock]);
    singleton(bind, FindPopular, FindPopular, [Rankings, RefreshRanking, CachedProducts]);
    singleton(bind, ChargeWallet, ChargeWallet, [UnitOfWork, IdGenerator, Clock]);
    singleton(bind, PayOrderByPoints, PayOrderByPoints, [UnitOfWork, IdGenerator, Clock]);
    singleton(bind, CancelOrder, CancelOrder, [UnitOfWork, OrderQueries, IdGenerator, Clock]);
    singleton(bind, FindOwnOrder, FindOwnOrder, [OrderQueries]);
    bind(PlaceOrder)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, products: KnownProducts, ids: IdGenerator, clock: Clock) =>
          new PlaceOrder(
            unitOfWork,
            products,
            ids,
            clock,
            settings.ORDER_PAYMENT_WINDOW_MS,
            quotasOf(settings),
          ),
        [UnitOfWork, KnownProducts, IdGenerator, Clock],
      )
      .inSingletonScope();
  });
}
