import { InProcessCache } from '../../../adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../../adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../../adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { ChargeLedger } from '../../../adapters/payment/sandbox/charge-ledger.js';
import { SqlCardPaymentQueries } from '../../../adapters/persistence/sql/aggregates/card-payments.js';
import { SqlOrderQueries } from '../../../adapters/persistence/sql/aggregates/orders.js';
import { SqlProductQueries } from '../../../adapters/persistence/sql/aggregates/products.js';
import type { SqlDatabase } from '../../../adapters/persistence/sql/connections/sql-database.js';
import { migrate } from '../../../adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../../../adapters/persistence/sql/sql-transactions.js';
import { SqliteTransactions } from '../../../adapters/persistence/sql/sqlite/sqlite-transactions.js';
import { SystemClock } from '../../../adapters/system/system-clock.js';
import { UuidV7Generator } from '../../../adapters/system/uuid-v7-generator.js';
import { CreateProduct } from '../../../application/catalogue/create-product.js';
import { KnownProducts } from '../../../application/catalogue/known-products.js';
import { CancelOrder } from '../../../application/orders/cancel-order.js';
import { PlaceOrder } from '../../../application/orders/place-order.js';
import { CardPaymentSteps } from '../../../application/payments/card-payment-steps.js';
import { SettleCardPayment } from '../../../application/payments/settle-card-payment.js';
import { StartCardPayment } from '../../../application/payments/start-card-payment.js';
import { LockedUnitOfWork } from '../../../application/unit-of-work/layers/5-locked-unit-of-work.js';
import type { OrderState } from '../../../domain/orders/order.js';
import type { PaymentGateway } from '../../../domain/payments/payment-gateway.js';
import type { CardPaymentQueries } from '../../../domain/payments/ports.js';
import type { LockPort } from '../../../domain/ports/lock-port.js';
import type { TransactionPort } from '../../../domain/ports/transaction-port.js';
import type { UnitOfWork } from '../../../domain/ports/unit-of-work.js';
import {
  type Backend,
  type Embedded,
  type ExperimentOptions,
  isEmbedded,
  type Servers,
} from '../../experiment.js';
import { openDatabase } from '../open-database.js';
import { openEmbeddedDatabase } from '../open-embedded-database.js';
import { openLock, removeKeysAtEnd } from '../open-lock.js';
import { newRunName } from '../run-name.js';
import type { MoneyOutcome, RunReport } from '../run-report.js';
import { sharedClock, Timeline } from '../timeline.js';

export const CUSTOMER = 'alice';
const PRICE = 300;
const PAYMENT_WINDOW_MS = 60_000;
/**
 * How long a process owns a payment, in milliseconds; short, because another process must continue
 * it.
 */
const CLAIM_MS = 50;
const ABANDON_AFTER_MS = 30_000;

const silent = { moved() {}, failed() {} };

/**
 * One order of 300 points in its own schema, with the product's tables, locks and use cases, and the
 * bank of the payment sandbox. Disposing it removes everything that it created on the servers.
 */
export class CardPaymentRun implements AsyncDisposable {
  readonly bank = new ChargeLedger();
  readonly #clock = new SystemClock();
  readonly #ids = new UuidV7Generator();

  private constructor(
    readonly unitOfWork: UnitOfWork,
    readonly payments: CardPaymentQueries,
    private readonly orders: SqlOrderQueries,
    private readonly products: KnownProducts,
    readonly timeline: Timeline,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(backend: Backend, { onStep }: ExperimentOptions = {}): Promise<CardPaymentRun> {
    await using opened = new AsyncDisposableStack();
    const { database, transactions, lock } = isEmbedded(backend)
      ? await openInThisProcess(backend, opened)
      : await openOnServers(backend, opened);
    await migrate(database.sequelize);
    const unitOfWork = new LockedUnitOfWork(
      lock,
      transactions,
      new InProcessCache(),
      (event, error) => {
        throw new Error(event, { cause: error });
      },
    );
    const { tables } = database;
    const payments = new SqlCardPaymentQueries(tables.cardPayments);
    const products = new KnownProducts(new SqlProductQueries(tables.products));
    const orders = new SqlOrderQueries(tables);
    const timeline = new Timeline(sharedClock, onStep);
    return new CardPaymentRun(unitOfWork, payments, orders, products, timeline, opened.move());
  }

  async placeOrder(): Promise<OrderState> {
    const { unitOfWork } = this;
    const description = { sku: 'TEA', name: 'Tea', category: 'tea', price: PRICE, stock: 1 };
    const create = new CreateProduct(unitOfWork, this.#ids, this.#clock);
    const { id: productId } = await create.execute(description);
    const place = new PlaceOrder(
      unitOfWork,
      this.products,
      this.#ids,
      this.#clock,
      PAYMENT_WINDOW_MS,
    );
    return place.execute({ userId: CUSTOMER, items: [{ productId, quantity: 1 }] });
  }

  /** The customer cancels the order. */
  async cancel(orderId: string): Promise<void> {
    const cancel = new CancelOrder(this.unitOfWork, this.orders, this.#ids, this.#clock);
    await cancel.execute(CUSTOMER, orderId);
    this.timeline.noteFor('customer')('cancelled');
  }

  /** The saga as one process of the service runs it. */
  saga(gateway: PaymentGateway): { start: StartCardPayment; settle: SettleCardPayment } {
    const { unitOfWork } = this;
    const steps = new CardPaymentSteps(unitOfWork, gateway, this.#clock, silent, ABANDON_AFTER_MS);
    return {
      start: new StartCardPayment(unitOfWork, this.#ids, this.#clock, CLAIM_MS),
      settle: new SettleCardPayment(steps, this.#clock, silent, CLAIM_MS),
    };
  }

  async report(variant: string, orderId: string): Promise<RunReport<MoneyOutcome>> {
    const { status, total } = await this.orders.get(orderId);
    const sums = this.bank.orders().find((sum) => sum.orderId === orderId);
    if (!sums) throw new Error('the bank knows nothing of the order');
    const { authorised: reserved, captured, refunded, voided } = sums;
    const owed = status === 'PAID' ? total : 0;
    const missing = reserved + captured - refunded - owed;
    const outcome = { order: status, reserved, captured, refunded, voided, missing };
    return { variant, timeline: this.timeline.events, outcome };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.resources.disposeAsync();
  }
}

/** What a run uses, closed and removed by `opened`. */
interface Opened {
  readonly database: SqlDatabase;
  readonly transactions: TransactionPort;
  readonly lock: LockPort;
}

async function openOnServers(
  { databaseUrl, redisUrl }: Servers,
  opened: AsyncDisposableStack,
): Promise<Opened> {
  const id = newRunName();
  const [schema, prefix] = [`experiment_${id}`, `experiment:${id}:`];
  await removeKeysAtEnd(redisUrl, prefix, opened);
  const { sequelize } = openDatabase(databaseUrl, 1, opened);
  await sequelize.query(`CREATE DATABASE ${schema} CHARACTER SET utf8mb4`);
  opened.defer(() => sequelize.query(`DROP DATABASE ${schema}`).then(() => {}));
  const url = new URL(databaseUrl);
  url.pathname = schema;
  const database = openDatabase(url.href, 4, opened);
  const { port: lock } = await openLock(redisUrl, { prefix }, opened);
  return { database, transactions: new SqlTransactions(database), lock };
}

async function openInThisProcess(
  { folder }: Embedded,
  opened: AsyncDisposableStack,
): Promise<Opened> {
  const database = await openEmbeddedDatabase(folder, opened);
  const transactions = new SqliteTransactions(new SqlTransactions(database));
  return { database, transactions, lock: new LockPortAdapter(new InProcessLock()) };
}
