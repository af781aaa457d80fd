import { expect } from 'chai';
import fc from 'fast-check';
import { DomainError } from '../../../src/domain/errors.js';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import type { Transaction } from '../../../src/domain/ports/unit-of-work.js';
import { UnitOfWork, type UnitOptions } from '../../../src/domain/ports/unit-of-work.js';
import { CardShop } from './card-shop.js';
import { type CallFault, FaultyGateway, forever } from './faulty-gateway.js';

const SEED = Number(process.env['CARD_PAYMENTS_SEED'] ?? 20_260_116);
const RUNS = Number(process.env['CARD_PAYMENTS'] ?? 150);

const CALL_FAULTS: readonly CallFault[] = [
  ...Array.from({ length: 6 }, () => 'none' as const),
  'request lost',
  'answer lost',
  'arrives late',
  'arrives last',
  'dies before',
  'dies after',
];
type UnitFault = 'none' | 'dies before' | 'dies after';
const UNIT_FAULTS: readonly UnitFault[] = [
  ...Array.from({ length: 12 }, () => 'none' as const),
  'dies before',
  'dies after',
];

const ACTS = [
  'card',
  'card',
  'declined card',
  'points',
  'cancel',
  'expire',
  'sweep',
  'sweep',
] as const;
type Act = (typeof ACTS)[number];

/**
 * Units of work that begin some time later, in a process that may die before or after their commit.
 */
class MortalUnitOfWork extends UnitOfWork {
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    private readonly inner: UnitOfWork,
    private readonly later: <T>(what: string, act: () => T) => Promise<T>,
    private readonly faultOf: () => UnitFault,
  ) {
    super();
  }

  override async run<T>(options: UnitOptions<T>, work: (tx: Transaction) => Promise<T>) {
    const fault = this.faultOf();
    if (fault === 'dies before') return forever();
    const value = await this.later('unit', () => this.#noted(this.inner.run(options, work)));
    return fault === 'dies after' ? forever() : value;
  }

  /** Resolves when no unit runs and what waited for one has continued. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
    await new Promise(setImmediate);
  }

  #noted<T>(run: Promise<T>): Promise<T> {
    this.#running.add(run);
    const end = () => this.#running.delete(run);
    run.then(end, end);
    return run;
  }
}

/** The next item of a list; after the end of the list, `rest`. */
function inTurn<T>(list: readonly T[], rest: T): () => T {
  let next = 0;
  return () => list[next++] ?? rest;
}

const plan = fc.record({
  acts: fc.shuffledSubarray([...ACTS], { minLength: 2, maxLength: 6 }),
  calls: fc.array(fc.constantFrom(...CALL_FAULTS), { maxLength: 20 }),
  units: fc.array(fc.constantFrom(...UNIT_FAULTS), { maxLength: 20 }),
});

describe('Card payments during other payments, cancellations, expiry and crashes', () => {
  it(`charge exactly the price of the paid orders (${RUNS} interleavings, seed ${SEED})`, async () => {
    const ends = new Set<string>();
    const moves = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, async (scheduler, { acts, calls, units }) => {
        const shop = await new CardShop().open();
        const tooEarly: string[] = [];
        const later = <T>(what: string, act: () => T) =>
          scheduler.schedule(Promise.resolve(), what).then(act) as Promise<T>;
        const gateway = new FaultyGateway(later, inTurn(calls, 'none'), async (reference) => {
          const { paidAt } = await shop.cardPayments.get(reference);
          if (paidAt === null) tooEarly.push(reference);
        });
        const mortal = new MortalUnitOfWork(shop.unitOfWork, later, inTurn(units, 'none'));
        const errors: unknown[] = [];
        for (const act of acts) {
          void later(act, () => perform(act, shop, gateway, mortal)).catch((e) => errors.push(e));
        }
        // The scheduler does not know that a unit which it began still runs.
        do {
          await scheduler.waitIdle();
          await mortal.settled();
        } while (scheduler.count() > 0);
        for (const error of errors) expectRefusal(error);

        const calm = new FaultyGateway(
          async (_, act) => act(),
          () => 'none',
        );
        Object.assign(calm, { book: gateway.book });
        await shop.calm(calm);
        gateway.arriveLast();
        for (const move of shop.moved) moves.add(move);
        expect(tooEarly, 'captured before the order was paid').to.deep.equal([]);
        ends.add(await expectRight(shop, gateway));
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    expect([...ends]).to.include.members([
      'CANCELLED',
      'EXPIRED',
      'PAID by card',
      'PAID by points',
      'PENDING_PAYMENT',
    ]);
    expect([...moves]).to.include.members([
      'CONFIRMED',
      'CAPTURED',
      'DECLINED',
      'VOIDING',
      'VOIDED',
      'REFUNDED',
    ]);
  });
});

function perform(
  act: Act,
  shop: CardShop,
  gateway: FaultyGateway,
  unitOfWork: UnitOfWork,
): Promise<unknown> {
  if (act === 'card') return shop.card(gateway, unitOfWork)('tok_success');
  if (act === 'declined card') return shop.card(gateway, unitOfWork)('tok_declined');
  if (act === 'points') return shop.points(unitOfWork);
  if (act === 'cancel') return shop.cancel(unitOfWork);
  if (act === 'expire') return shop.expire(unitOfWork);
  shop.clock.advance(11_000);
  return shop.sweep(gateway, unitOfWork);
}

function expectRefusal(error: unknown): void {
  const isExpected = error instanceof DomainError || error instanceof DependencyUnavailableError;
  if (!isExpected) throw error;
}

/** Returns the final state of the order. */
async function expectRight(shop: CardShop, { book }: FaultyGateway): Promise<string> {
  const { status, total, points, taken } = await shop.audit();
  const [sums] = book.orders();
  const { authorised = 0, captured = 0, refunded = 0 } = sums ?? {};
  const kept = captured - refunded;
  expect(shop.failures.filter(isContradiction)).to.deep.equal([]);
  expect(authorised, 'held on the card').to.equal(0);
  expect(kept + points, 'taken').to.equal(status === 'PAID' ? total : 0);
  expect(taken, 'units').to.equal(status === 'PAID' || status === 'PENDING_PAYMENT' ? 2 : 0);
  if (status !== 'PAID') return status;
  return kept > 0 ? 'PAID by card' : 'PAID by points';
}

function isContradiction(error: unknown): boolean {
  return !(error instanceof DependencyUnavailableError);
}
