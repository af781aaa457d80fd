import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../../support/api-client.js';
import { nowMs } from '../fuzz/event-log.js';

const PAUSE_MS = 10;

/** One charge as its customer saw it; times are `nowMs()`. */
export interface ChargeSeen {
  readonly sentAt: number;
  readonly settledAt: number;
  readonly status: number;
}

/** A customer who charges a wallet, one charge after the other with a pause between. */
export class SteadyCharges {
  readonly #charges: ChargeSeen[] = [];
  readonly #ended: Promise<void>;
  #stopped = false;

  constructor(private readonly client: ApiClient) {
    this.#ended = this.#go();
  }

  /** Returns the charges, after the last one has ended. */
  async stop(): Promise<readonly ChargeSeen[]> {
    this.#stopped = true;
    await this.#ended;
    return this.#charges;
  }

  async #go(): Promise<void> {
    while (!this.#stopped) {
      const sentAt = nowMs();
      const answer = await this.client
        .post('/v1/wallets/me/charges', { amount: 1 })
        .catch(() => undefined);
      this.#charges.push({ sentAt, settledAt: nowMs(), status: answer?.status ?? 0 });
      await sleep(PAUSE_MS);
    }
  }
}
