import { expect } from 'chai';
import { RelayOutbox } from '../../src/application/events/relay-outbox.js';
import type { DomainEvent } from '../../src/domain/events/domain-event.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

const LEASE_MS = 1_000;

describe('Events', () => {
  let shop: InMemoryShop;
  let published: DomainEvent[];

  beforeEach(() => {
    shop = new InMemoryShop();
    published = [];
  });

  function relay(name: string, publish = keep) {
    const { unitOfWork, outbox, clock } = shop;
    const terms = { relay: name, leaseMs: LEASE_MS };
    return new RelayOutbox(unitOfWork, outbox, { channel: 'events', publish }, clock, terms);
  }
  const keep = async (events: readonly DomainEvent[]) => {
    published.push(...events);
  };

  /** A new product with stock makes an event. */
  const happen = () => shop.add({ stock: 1 });

  it('are relayed by one process, which keeps its lease between its runs', async () => {
    const first = relay('first');
    await happen();
    expect(await first.execute()).to.equal(1);
    await happen();
    expect(await relay('second').execute()).to.equal(0);
    expect(await first.execute()).to.equal(1);
    await happen();
    shop.clock.advance(LEASE_MS);
    expect(await relay('second').execute()).to.equal(1);
    await happen();
    expect(await first.execute()).to.equal(0);
  });

  it('are relayed by another process at once after the first one stops', async () => {
    const first = relay('first');
    await happen();
    await first.execute();
    await happen();
    await first.release();
    expect(await relay('second').execute()).to.equal(1);
  });

  it('are relayed by another process at once after the first one could not publish', async () => {
    const first = relay('first');
    await happen();
    await first.execute();
    await happen();
    const unreachable = async () => {
      throw new Error('unreachable');
    };
    await rejection(relay('first', unreachable).execute());
    expect(await relay('second').execute()).to.equal(1);
  });

  it('that happen while others are published wait for the next run, unless many wait', async () => {
    const busy = relay('first', async (events) => {
      await keep(events);
      await happen();
    });
    await happen();
    expect(await busy.execute()).to.equal(1);
    for (let i = 0; i < 300; i += 1) await happen();
    expect(await busy.execute()).to.equal(302);
    expect(published).to.have.length(303);
  });
});
