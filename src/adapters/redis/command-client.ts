/** The part of a node-redis client that sends commands. */
export interface CommandSender {
  sendCommand(args: readonly string[], options?: { timeout?: number }): Promise<unknown>;
}

/** The same, of one connection that tells of its state. */
export interface CommandClient extends CommandSender {
  readonly isReady: boolean;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

/** The part of a node-redis client that listening needs. */
export interface SubscriberClient {
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

/** node-redis's own timeout stops counting once a command is written, and costs an AbortSignal each. */
export const untimed = { timeout: 0 };
