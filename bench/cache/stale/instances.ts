import { setTimeout as delay } from 'node:timers/promises';
import { type Contestant, type Session, textOf } from '../contestant.js';
import { TcpProxy } from '../tcp-proxy.js';

/** Long enough for a message to arrive, even on a busy machine. */
const MOMENT_MS = 80;
const ANSWER_MS = 1_000;
const OLD = 'old';
const NEW = 'new';
let keys = 0;

export function moment(): Promise<void> {
  return delay(MOMENT_MS);
}

/** Two instances of one contestant: a writer, and a reader whose connections can be made to fail. */
export class Instances {
  readonly key = `stale:${process.pid}:${++keys}`;
  readonly writer: Promise<Session>;
  #text = OLD;
  #loading: Promise<unknown> = Promise.resolve();
  #begun = () => {};
  #reader: Promise<Session> | undefined;

  private constructor(
    private readonly contestant: Contestant,
    url: string,
    readonly commands: TcpProxy,
    readonly bus: TcpProxy,
  ) {
    // A cache without L2 and bus can be invalidated only in its own process, so both are one instance.
    this.writer = contestant.hasL2
      ? contestant.open({ url, busUrl: url, l1: 'on', load: this.#load })
      : this.reader;
  }

  static async of(contestant: Contestant, url: string): Promise<Instances> {
    const commands = await TcpProxy.to(url);
    const bus = contestant.bus === 'commands' ? commands : await TcpProxy.to(url);
    return new Instances(contestant, url, commands, bus);
  }

  /** The reader connects at the first access. */
  get reader(): Promise<Session> {
    const { commands, bus } = this;
    this.#reader ??= this.contestant.open({
      ...{ url: commands.url, busUrl: bus.url, l1: 'on' },
      load: this.#load,
    });
    return this.#reader;
  }

  /** Makes new loads wait for `gate`. Resolves when the first of them has begun. */
  slowDown(gate: Promise<unknown>): Promise<void> {
    this.#loading = gate;
    return new Promise((resolve) => {
      this.#begun = resolve;
    });
  }

  async write(): Promise<void> {
    const writer = await this.writer;
    await writer.write(this.key, async () => {
      this.#text = NEW;
    });
  }

  /** Whether an instance still answers with the replaced value. No answer within 1 s is not stale. */
  async areStale(): Promise<boolean> {
    const answers = [await this.reader, await this.writer].map((instance) =>
      Promise.race([instance.read(this.key), delay(ANSWER_MS, NEW)]),
    );
    return (await Promise.all(answers)).some((answer) => textOf(answer) === OLD);
  }

  readonly #load = async (): Promise<string> => {
    const text = this.#text;
    this.#begun();
    await this.#loading;
    return text;
  };
}
