import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { type CommandClient, untimed } from '../../redis/command-client.js';
import type { RedisScript } from '../../redis/redis-script.js';
import { Deadline, TimeoutQueue } from '../../timeouts/timeout-queue.js';

/** Commands on one connection, in the order they are given, each answered in time or refused. */
export class RedisLink {
  readonly #deadlines: TimeoutQueue;

  constructor(
    private readonly client: CommandClient,
    private readonly timeoutMs: number,
  ) {
    this.#deadlines = new TimeoutQueue(timeoutMs);
  }

  get isReady(): boolean {
    return this.client.isReady;
  }

  /**
   * Calls back, once, for each read has its own promise already: refused, with a
   * DependencyUnavailableError, without a connection or an answer in time, or with an error for one.
   */
  get(
    key: string,
    answered: (value: string | null) => void,
    refused: (error: DependencyUnavailableError) => void,
  ): void {
    this.#timed(
      () => this.client.sendCommand(['GET', key], untimed),
      answered as Answered,
      refused,
    );
  }

  /** @throws DependencyUnavailableError no connection, no answer in time, or an error for one */
  run(script: RedisScript, base: string, args: readonly string[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#timed(() => script.send(this.client, [base], args), resolve, reject);
    });
  }

  #timed(send: () => Promise<unknown>, answered: Answered, refused: Refused): void {
    if (!this.client.isReady) {
      refused(unavailable(new Error('not connected')));
      return;
    }
    const deadline = new Deadline(() => {
      refused(unavailable(new Error(`no answer in ${this.timeoutMs} ms`)));
    });
    this.#deadlines.add(deadline);
    send().then(
      (reply) => {
        if (deadline.cancel()) answered(reply);
      },
      (error: unknown) => {
        if (deadline.cancel()) refused(unavailable(error));
      },
    );
  }
}

type Answered = (reply: unknown) => void;
type Refused = (error: DependencyUnavailableError) => void;

function unavailable(cause: unknown): DependencyUnavailableError {
  return new DependencyUnavailableError('redis', cause);
}
