import type { Role } from '../../../../src/adapters/http/auth/caller.js';
import { ApiClient } from '../../../support/api-client.js';
import type { Env } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';

/** Two instances of one shop, as processes. Requests go to them in turn. */
export class TwoInstances implements AsyncDisposable {
  #turn = 0;

  private constructor(
    readonly instances: readonly [InstanceProcess, InstanceProcess],
    private readonly env: Env,
  ) {}

  static async start(env: Env): Promise<TwoInstances> {
    const one = await InstanceProcess.start(env);
    try {
      return new TwoInstances([one, await InstanceProcess.start(env)], env);
    } catch (error) {
      await one[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The same user at both instances. */
  async user(name: string, role: Role = 'customer'): Promise<() => ApiClient> {
    const clients = await Promise.all(
      this.instances.map(({ url }) => ApiClient.of(url, this.env, name, role)),
    );
    return () => clients[this.#turn++ % clients.length] as ApiClient;
  }

  /** The counts of this metric at each instance so far. */
  counts(metric: string): Promise<number[]> {
    return Promise.all(this.instances.map(({ url }) => countOf(url, metric)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance[Symbol.asyncDispose]()));
  }
}

/** The sum of the series of this metric; 0 when the instance is down. */
async function countOf(url: string, metric: string): Promise<number> {
  const answer = await new ApiClient(url).get('/metrics').catch(() => undefined);
  const lines = String(answer?.body ?? '').matchAll(new RegExp(`^${metric}\\{.*\\} (\\d+)$`, 'gm'));
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}
