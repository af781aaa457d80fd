import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import type { ApiClient, ApiResponse } from '../../support/api-client.js';

/** Longest time from the change of the address until the service takes a write, in milliseconds. */
export const RECOVERY_MS = 10_000;

/**
 * Sends writes. After each failed write it asks whether the service is ready, and then writes
 * again. A service that reports ready must take that write.
 */
export class ReadinessWatch {
  readonly lies: string[] = [];
  #unproven: string | undefined;

  constructor(
    private readonly user: ApiClient,
    private readonly write: () => Promise<ApiResponse>,
    /** Whether this answer of `/readyz` reports that such writes are taken. */
    private readonly saysReady: (answer: ApiResponse) => boolean,
  ) {}

  async tryWrite(): Promise<ApiResponse> {
    const answer = await this.write();
    if (answer.status < 300) {
      this.#unproven = undefined;
      return answer;
    }
    const failure = `${answer.status} ${JSON.stringify(answer.body)}`;
    if (this.#unproven) this.lies.push(`${this.#unproven}, and then a write got ${failure}`);
    const ready = await this.user.get('/readyz');
    const said = `${ready.status} ${JSON.stringify(ready.body)}`;
    this.#unproven = this.saysReady(ready) ? `after ${failure} /readyz said ${said}` : undefined;
    expect(answer.status, failure).to.equal(503);
    return answer;
  }

  /** Writes until a write fails. */
  async untilRefused(): Promise<void> {
    await eventually(async () => {
      for (let i = 0; i < 3; i += 1) expect((await this.tryWrite()).status).to.equal(503);
    });
  }

  /** Writes until a write succeeds. */
  async untilTaken(withinMs: number): Promise<ApiResponse> {
    return eventually(
      async () => {
        const answer = await this.tryWrite();
        expect(answer.status, JSON.stringify(answer.body)).to.be.below(300);
        return answer;
      },
      { withinMs },
    );
  }
}
