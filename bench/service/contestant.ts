import type { ChildProcess } from 'node:child_process';
import type { Action, Scenario } from './plan.js';

/** The servers of a contestant. */
export interface Servers {
  /** The URL of a database that only this contestant uses. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Only for contestants that need it; `host:port,host:port`. */
  readonly kafkaBrokers?: string | undefined;
}

/**
 * Returns the bytes of the next request. `product` is the number of the product, for requests that have one.
 * Undefined: no order is left to pay or to cancel.
 */
export type Request = (product: number) => Buffer | undefined;

/** The requests that a contestant answers. */
export type Requests = Readonly<Partial<Record<Action, Request>>>;

/** A contestant that runs and has the products that the scenario needs. */
export interface Running extends AsyncDisposable {
  readonly urls: readonly string[];
  readonly processes: readonly ChildProcess[];
  readonly requests: Requests;
}

export interface Contestant {
  readonly id: string;
  readonly kind: 'lockstep' | 'peer' | 'floor';
  /** How it handles an order, in a few words for the page. */
  readonly settings: string;
  readonly packageName?: string;
  readonly needsKafka?: true;
  start(servers: Servers, scenario: Scenario): Promise<Running>;
}

/** Customers of each contestant's shop. They send requests one after the other, round robin. */
export const CUSTOMERS = 1_000;

/** Units of each product at the beginning. No run can sell so many. */
export const UNITS = 100_000_000;

/** Price of each product, in points. */
export const PRICE = 100;

/** Points of each wallet at the beginning. */
export const BALANCE = 1_000_000_000;
