import { expect } from 'chai';
import { pino } from 'pino';
import { EnqueueOrder } from '../../../src/application/order-queue/enqueue-order.js';
import { RejectOrderRequest } from '../../../src/application/order-queue/reject-order-request.js';
import { SettleOrderRequests } from '../../../src/application/order-queue/settle-order-requests.js';
import { SettlementNotifier } from '../../../src/application/order-queue/settlement-notifier.js';
import { Placement } from '../../../src/application/orders/placement.js';
import {
  type DeliveryKeeping,
  orderRules,
  ownOrdersOnly,
} from '../../../src/config/modules/queue/delivery-rules.js';
import { InMemoryShop } from '../../support/in-memory/in-memory-shop.js';
import { rejection } from '../../support/rejection.js';

describe('The settling of a message', () => {
  let shop: InMemoryShop;
  let watch: SettlementNotifier;
  let requestId: string;

  beforeEach(async () => {
    shop = new InMemoryShop();
    watch = new SettlementNotifier(shop.orderRequests);
    const enqueueOrder = new EnqueueOrder(
      shop.unitOfWork,
      shop.known,
      shop.ids,
      shop.clock,
      () => {},
    );
    const items = [{ productId: await shop.add(), quantity: 1 }];
    requestId = (await enqueueOrder.execute({ userId: 'alice', items })).id;
  });

  function rules(keep: DeliveryKeeping<{ content: { requestId: string } }>) {
    const placement = new Placement(shop.ids, shop.clock, 60_000);
    const settle = new SettleOrderRequests(
      shop.unitOfWork,
      shop.orderRequests,
      shop.known,
      placement,
    );
    const reject = new RejectOrderRequest(shop.unitOfWork);
    return orderRules({ settle, reject, notifier: watch, logger: pino({ level: 'silent' }) }, keep);
  }

  it('notifies the followers of a settled request at once', async () => {
    const followed = watch.settled(requestId);
    await rules(async () => {}).settle([{ requestId }]);
    expect(await followed).to.include({ id: requestId, status: 'CONFIRMED' });
  });

  it('stores a dead letter with its cause before it rejects the request', async () => {
    const cause = new TypeError('a mistake of ours');
    const kept: unknown[] = [];
    const { deadLetter } = rules(async (message, why) => {
      kept.push([message, why, (await shop.orderRequests.get(requestId)).status]);
    });
    await deadLetter({ content: { requestId } }, cause);
    expect(kept).to.deep.equal([[{ content: { requestId } }, cause, 'QUEUED']]);
    expect(await shop.orderRequests.get(requestId)).to.include({
      status: 'REJECTED',
      code: 'internal_error',
    });
  });

  it('skips requests of the database before its restore, and settles the others', async () => {
    const silent = pino({ level: 'silent' });
    const { settle } = ownOrdersOnly(
      rules(async () => {}),
      'restored',
      silent,
    );
    // A request that is not in the database would fail.
    const lost = { requestId: shop.ids.next(), installation: 'before' };
    await settle([lost]);
    await settle([lost, { requestId, installation: 'before' }]);
    expect((await shop.orderRequests.get(requestId)).status).to.equal('QUEUED');
    await settle([lost, { requestId, installation: 'restored' }]);
    expect((await shop.orderRequests.get(requestId)).status).to.equal('CONFIRMED');
  });

  it('settles a request of an earlier version, whose message names no database', async () => {
    const { settle } = ownOrdersOnly(
      rules(async () => {}),
      'restored',
      pino({ level: 'silent' }),
    );
    await settle([{ requestId }]);
    expect((await shop.orderRequests.get(requestId)).status).to.equal('CONFIRMED');
  });

  it('rejects no request while its dead letter cannot be stored', async () => {
    const { deadLetter } = rules(() => Promise.reject(new Error('unreachable')));
    await rejection(deadLetter({ content: { requestId } }, new Error('poison')));
    expect((await shop.orderRequests.get(requestId)).status).to.equal('QUEUED');
  });
});
