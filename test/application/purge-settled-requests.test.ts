import { expect } from 'chai';
import { PurgeSettledRequests } from '../../src/application/sweeping/purge-settled-requests.js';
import { SweeperElection } from '../../src/application/sweeping/sweeper-election.js';
import { OrderRequest } from '../../src/domain/orders/order-request.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';

const RETENTION_MS = 1_000;
const LEASE_MS = 3_000;
/** More requests than one statement removes. */
const MANY = 501;

describe('Order requests that were settled long ago', () => {
  let shop: InMemoryShop;
  const going = new AbortController().signal;

  beforeEach(() => {
    shop = new InMemoryShop();
  });

  function sweeper() {
    const { unitOfWork, clock, ids, settledRequests } = shop;
    const leader = new SweeperElection(unitOfWork, clock, ids.next(), LEASE_MS);
    return {
      leader,
      purge: new PurgeSettledRequests(settledRequests, leader, clock, RETENTION_MS),
    };
  }

  async function accept(isSettled = true): Promise<string> {
    const id = shop.ids.next();
    await shop.unitOfWork.run({ locks: [] }, async (tx) => {
      const items = [{ productId: shop.ids.next(), quantity: 1 }];
      const accepted = OrderRequest.accept({ id, userId: 'alice', items }, shop.clock.now());
      const request = await tx.orderRequests.save(accepted);
      if (isSettled) await tx.orderRequests.save(request.reject('insufficient_stock'));
    });
    return id;
  }

  const left = async (...ids: string[]) =>
    (await shop.orderRequests.findMany(ids)).map(({ id }) => id);

  it('are removed, while younger and unsettled requests stay', async () => {
    const { purge } = sweeper();
    const [old, queued] = [await accept(), await accept(false)];
    shop.clock.advance(RETENTION_MS);
    expect(await purge.execute(going)).to.equal(0);
    const young = await accept();
    shop.clock.advance(1);
    expect(await purge.execute(going)).to.equal(1);
    expect(await left(old, queued, young)).to.deep.equal([queued, young]);
  });

  it('are all removed, also when they need several statements', async () => {
    for (let i = 0; i < MANY; i++) await accept();
    shop.clock.advance(RETENTION_MS + 1);
    expect(await sweeper().purge.execute(going)).to.equal(MANY);
  });

  it('are not removed while another process leads', async () => {
    await accept();
    shop.clock.advance(RETENTION_MS + 1);
    const other = sweeper();
    expect(await other.leader.take()).to.equal(true);
    expect(await sweeper().purge.execute(going)).to.equal(0);
    await other.leader.release();
    expect(await sweeper().purge.execute(going)).to.equal(1);
  });

  it('are not removed by a process that stops', async () => {
    await accept();
    shop.clock.advance(RETENTION_MS + 1);
    expect(await sweeper().purge.execute(AbortSignal.abort())).to.equal(0);
  });
});
