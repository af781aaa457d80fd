import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Env } from '../../../support/backends.js';

const PROGRAM = fileURLToPath(new URL('buyer-process.js', import.meta.url));

export interface BuyerSetting {
  readonly url: string;
  readonly env: Env;
  readonly products: readonly string[];
  readonly seed: number;
}

/** Orders of a hundred products each, which exist or do not exist. */
export interface BuyerOrder {
  readonly orders: number;
  readonly kind: 'known' | 'unknown';
}

/** A customer who sends many large orders at once through the queue. */
export class Buyer implements AsyncDisposable {
  private constructor(private readonly child: ChildProcess) {}

  static async start(setting: BuyerSetting): Promise<Buyer> {
    const buyer = new Buyer(fork(PROGRAM));
    await buyer.#tell(setting);
    return buyer;
  }

  /** Resolves when all are settled. */
  async order(order: BuyerOrder): Promise<void> {
    await this.#tell(order);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  async #tell(message: BuyerSetting | BuyerOrder): Promise<void> {
    const answered = once(this.child, 'message');
    this.child.send(message);
    const [{ failed }] = (await answered) as [{ failed?: string }];
    if (failed) throw new Error(failed);
  }
}
