import type { ChildProcess } from 'node:child_process';
import type { Action, Scenario } from './plan.js';

/** Where a contestant keeps its data. */
export interface Servers {
  /** A database of its own. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Only for contestants that need it; `host:port,host:port`. */
  readonly kafkaBrokers?: string | undefined;
}

/**
 * The bytes of the next request, where it matters about the n-th product. Undefined: no order is left
 * to pay or to cancel.
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
  /** What it does for an order, in a few words. */
  readonly settings: string;
  readonly packageName?: string;
  readonly needsKafka?: true;
  start(servers: Servers, scenario: Scenario): Promise<Running>;
}

/** Customers of each contestant's shop, whose requests come in turn. */
export const CUSTOMERS = 1_000;

/** Units of each product at the beginning, which no run can sell. */
export const UNITS = 100_000_000;

/** Points of each product. */
export const PRICE = 100;

/** Points of each wallet at the beginning. */
export const BALANCE = 1_000_000_000;
