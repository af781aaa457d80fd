import { setTimeout as delay } from 'node:timers/promises';
import { type Contestant, type Session, textOf } from '../contestant.js';
import { TcpProxy } from '../tcp-proxy.js';

/** Enough for a message to arrive, on a busy machine as well. */
const MOMENT_MS = 80;
const ANSWER_MS = 1_000;
const OLD = 'old';
const NEW = 'new';
let keys = 0;

export function moment(): Promise<void> {
  return delay(MOMENT_MS);
}

/** A reader, whose connections can fail, and a writer, each an instance of its own. */
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
    // What has neither an L2 nor a bus can be invalidated only in its own process.
    this.writer = contestant.hasL2
      ? contestant.open({ url, busUrl: url, l1: 'on', load: this.#load })
      : this.reader;
  }

  static async of(contestant: Contestant, url: string): Promise<Instances> {
    const commands = await TcpProxy.to(url);
    const bus = contestant.bus === 'commands' ? commands : await TcpProxy.to(url);
    return new Instances(contestant, url, commands, bus);
  }

  /** Connected when it is first asked for. */
  get reader(): Promise<Session> {
    const { commands, bus } = this;
    this.#reader ??= this.contestant.open({
      ...{ url: commands.url, busUrl: bus.url, l1: 'on' },
      load: this.#load,
    });
    return this.#reader;
  }

  /** Loads that begin from now on end when `gate` does; resolves when one has begun. */
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

  /** Whether one of the instances still answers what was replaced. */
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
