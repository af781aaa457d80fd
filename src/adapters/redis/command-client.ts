/** The part of a node-redis client that sends commands. */
export interface CommandSender {
  sendCommand(args: readonly string[], options?: { timeout?: number }): Promise<unknown>;
}

/** The same for one connection, with its state. */
export interface CommandClient extends CommandSender {
  readonly isReady: boolean;
  on(event: 'ready' | 'error', listener: (error?: unknown) => void): unknown;
  off(event: 'ready' | 'error', listener: (error?: unknown) => void): unknown;
}

/** The part of a node-redis client that subscribes. */
export interface SubscriberClient {
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

/** Two connections to one server. */
export interface RedisClients {
  readonly commands: CommandClient;
  /** Used for subscriptions only. */
  readonly subscriber: SubscriberClient;
}

/**
 * Receives the reply to one command. These are callbacks, not promises: most of the time of a
 * cache hit or of a lock call is spent in the layers above Redis.
 */
export interface ReplyListener<Reply = unknown, Failure = unknown> {
  onReply(reply: Reply): void;
  /** An error as the reply, or the error of the connection. */
  onFailure(failure: Failure): void;
}

/** The timeout of node-redis ends when a command is written, and costs one AbortSignal a command. */
export const untimed = { timeout: 0 };

/** Calls one method of the listener, once, and never before this function returns. */
export function sendTo(
  client: CommandSender,
  args: readonly string[],
  listener: ReplyListener,
): void {
  client.sendCommand(args, untimed).then(
    (reply) => listener.onReply(reply),
    (error: unknown) => listener.onFailure(error),
  );
}
