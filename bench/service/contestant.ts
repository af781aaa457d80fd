import type { ChildProcess } from 'node:child_process';

/** Where a contestant keeps its data. */
export interface Servers {
  /** A database of its own. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** A contestant that runs and has the products that were asked for. */
export interface Running extends AsyncDisposable {
  readonly urls: readonly string[];
  readonly processes: readonly ChildProcess[];
  /** The bytes that order one unit of the n-th product. */
  order(product: number): Buffer;
  /** The bytes that read the n-th product. */
  read(product: number): Buffer;
  /** The bytes that read the stock of the n-th product, which no cache may keep. */
  stock(product: number): Buffer;
  /** The bytes that add points to the wallet of one of many customers. */
  charge(): Buffer;
}

export interface Contestant {
  readonly id: string;
  readonly kind: 'lockstep' | 'peer' | 'floor';
  /** What it does for an order, in a few words. */
  readonly settings: string;
  readonly packageName?: string;
  start(servers: Servers, products: number, instances: number): Promise<Running>;
}
