import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../../../tools/invariants/verdict.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { ApiClient } from '../../../support/api-client.js';
import type { Env, OpenBackend } from '../../../support/backends.js';
import { bundled } from '../../../support/bundled.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { HURRIED, startSandbox } from '../../../support/sandbox.js';
import { addProduct } from '../../../support/shop.js';
import type { Random } from '../support/random.js';
import { judgeCards, readDatabase } from './card-payment-state.js';
import { CRASH_AT, CRASH_TIME, type CrashPoint } from './crash-point.js';
import { Customer, STORIES, type Story } from './customer.js';

const UNITS = 1_000_000;
const PRICE = 700;

/**
 * Longest life of an instance that does not reach its crash point, and longest time until all is
 * settled.
 */
const LIFE_MS = 30_000;
const CALM_MS = 90_000;

const MORTAL = bundled(new URL('mortal-instance-process.js', import.meta.url));

/**
 * Short times: a killed instance is replaced soon, and unpaid orders expire while payments are in
 * progress.
 */
const IMPATIENT: Env = {
  ...HURRIED,
  PAYMENT_CLAIM_MS: '1300',
  LOCK_LEASE_MS: '500',
  SWEEPER_LEASE_MS: '300',
  EXPIRY_SWEEP_MS: '100',
  ORDER_PAYMENT_WINDOW_MS: '5000',
};

/** A shop whose instances die one after another, each at a crash point of its card payments. */
export class CrashingShop implements AsyncDisposable {
  readonly #customers: Customer[] = [];

  #productId: string | undefined;

  private constructor(
    private readonly env: Env,
    private readonly sandbox: Awaited<ReturnType<typeof startSandbox>>,
    private readonly random: Random,
  ) {}

  static async open({ env }: OpenBackend, random: Random): Promise<CrashingShop> {
    const sandbox = await startSandbox({
      untilLate: (signal) => sleep(1_000, undefined, { signal }),
    });
    return new CrashingShop({ ...env, ...sandbox.env, ...IMPATIENT }, sandbox, random);
  }

  get orders(): number {
    return this.#customers.length;
  }

  /**
   * Sends requests of customers until the instance has died at its crash point, at the given visit.
   * False when it did not die.
   */
  async life({ when, step }: CrashPoint, time: number): Promise<boolean> {
    const point = { [CRASH_AT]: `${when} ${step}`, [CRASH_TIME]: `${time}` };
    await using instance = await startUnlessKilled({ ...this.env, ...point });
    if (!instance) return true;
    this.#productId ??= await this.#addProduct(instance);
    const until = performance.now() + LIFE_MS;
    const waiting = this.#customers.slice(-12);
    while (!instance.hasEnded && performance.now() < until) {
      for (const story of this.random.shuffled(Object.keys(STORIES) as Story[])) {
        const customer = new Customer(story, this.#productId);
        this.#customers.push(customer);
        waiting.push(customer);
      }
      await Promise.all(waiting.splice(0).map((customer) => this.#visit(customer, instance)));
      // A customer without a final answer repeats its request a moment later.
      waiting.push(...this.#customers.slice(-12));
      await sleep(100);
    }
    return instance.hasEnded;
  }

  async #addProduct({ url }: InstanceProcess): Promise<string> {
    const admin = await ApiClient.of(url, this.env, 'admin', 'admin');
    // On a slow machine, a new instance may be without its cache for a moment.
    return eventually(() => addProduct(admin, { price: PRICE, stock: UNITS }));
  }

  async #visit(customer: Customer, { url }: InstanceProcess): Promise<void> {
    await customer.go(await ApiClient.of(url, this.env, customer.userId));
  }

  /** Judges after a last life without a crash. A claim that does not hold by then never will. */
  async verdicts(): Promise<Verdict[]> {
    await using instance = await InstanceProcess.start(this.env);
    await Promise.all(this.#customers.slice(-8).map((customer) => this.#visit(customer, instance)));
    let last: Verdict[] = [];
    const judged = async () => {
      last = await this.#judge();
      const broken = last.flatMap((verdict) => verdict.broken);
      if (broken.length > 0) throw new Error(broken.join());
    };
    await eventually(judged, { withinMs: CALM_MS, everyMs: 250 }).catch(() => {});
    return last;
  }

  async #judge(): Promise<Verdict[]> {
    const { available, ...rest } = await readDatabase(this.env, this.#productId ?? '');
    const units = { available, initial: UNITS };
    return judgeCards({ ...rest, ledger: this.sandbox.orders(), units }, this.#customers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
  }
}

/**
 * Undefined when it died at its crash point before it listened, during work that others had left.
 */
async function startUnlessKilled(env: Env): Promise<InstanceProcess | undefined> {
  try {
    return await InstanceProcess.start(env, MORTAL);
  } catch (error) {
    if (String(error).includes('SIGKILL')) return undefined;
    throw error;
  }
}
