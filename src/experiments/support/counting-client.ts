import type { CommandClient } from '../../adapters/redis/command-client.js';

/** Wraps a client and counts the commands that it sends. */
export class CountingClient implements CommandClient {
  sent = 0;

  constructor(private readonly inner: CommandClient) {}

  get isReady(): boolean {
    return this.inner.isReady;
  }

  sendCommand(args: readonly string[], options?: { timeout?: number }): Promise<unknown> {
    this.sent += 1;
    return this.inner.sendCommand(args, options);
  }

  on(event: 'ready' | 'error', listener: () => void): unknown {
    return this.inner.on(event, listener);
  }

  off(event: 'ready' | 'error', listener: () => void): unknown {
    return this.inner.off(event, listener);
  }
}
