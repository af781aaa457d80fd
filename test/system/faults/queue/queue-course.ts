import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaServer } from '../../../../tools/servers/kafka/start-kafka.js';
import type { Env } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import type { Random } from '../support/random.js';
import type { OrderRows } from './order-rows.js';

/** The faults while customers order, and at how many acceptances they happen. */
export class QueueCourse {
  readonly done: string[] = [];
  readonly #begunMs = performance.now();

  constructor(
    private readonly rows: OrderRows,
    private readonly orders: number,
    private readonly random: Random,
  ) {}

  did(what: string): void {
    const seconds = (performance.now() - this.#begunMs) / 1_000;
    this.done.push(`${seconds.toFixed(1)} s  ${what}, ${this.rows.count} accepted`);
  }

  async killAndReplace(instance: InstanceProcess, env: Env): Promise<InstanceProcess> {
    await this.#upTo(this.random.between(0.15, 0.25));
    await instance.end('SIGKILL');
    this.did('an instance killed');
    await this.#upTo(0.4);
    const replacement = await InstanceProcess.start(env);
    this.did('another started in its place');
    await this.#upTo(this.random.between(0.5, 0.6));
    return replacement;
  }

  /** Stops Kafka for at least `seconds`. Returns how many requests were accepted meanwhile. */
  async takeKafkaAway(kafka: KafkaServer, seconds: number): Promise<number> {
    const how = this.random.chance(0.5) ? 'abruptly' : undefined;
    const before = this.rows.count;
    await kafka.stop(how);
    this.did(`Kafka ${how ? 'killed' : 'stopped'}`);
    const waiting = sleep(seconds * 1_000);
    await this.#upTo(0.9);
    await waiting;
    const meanwhile = this.rows.count - before;
    await kafka.start();
    this.did('Kafka back');
    await this.#upTo(1);
    await this.rows.over;
    this.did('all sent');
    return meanwhile;
  }

  #upTo(share: number): Promise<void> {
    return this.rows.goOnTo(Math.round(this.orders * share));
  }
}
