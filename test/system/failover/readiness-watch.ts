import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import type { ApiClient, ApiResponse } from '../../support/api-client.js';

/** How long after its address moved on a service may take until it takes a write, in milliseconds. */
export const RECOVERY_MS = 10_000;

/**
 * Writes, and after each write that failed asks whether the service is ready, before it writes
 * again: a service that says so must take that write.
 */
export class ReadinessWatch {
  readonly lies: string[] = [];
  #unproven: string | undefined;

  constructor(
    private readonly user: ApiClient,
    private readonly write: () => Promise<ApiResponse>,
    /** Whether this answer of `/readyz` says that such writes are taken. */
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

  /** Until writes fail, one after another. */
  async untilRefused(): Promise<void> {
    await eventually(async () => {
      for (let i = 0; i < 3; i += 1) expect((await this.tryWrite()).status).to.equal(503);
    });
  }

  /** Until a write is taken. */
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
