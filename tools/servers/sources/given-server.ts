import { type Server, ServerNotOwnedError, ServerUnavailableError } from '../server.js';
import type { ServerKind } from '../server-kind.js';

/** A server that was started elsewhere: it is used, never stopped. */
export class GivenServer implements Server {
  readonly source = 'given';

  private constructor(readonly url: string) {}

  /** @throws ServerUnavailableError nothing answers; another source would hide a wrong address */
  static async at(url: string, kind: ServerKind): Promise<GivenServer> {
    await kind.ping(url).catch((error: unknown) => {
      throw new ServerUnavailableError(`${kind.title} does not answer at ${hostOf(url)}`, {
        cause: error,
      });
    });
    return new GivenServer(url);
  }

  async stop(): Promise<void> {
    throw new ServerNotOwnedError(this.url);
  }

  async start(): Promise<void> {
    throw new ServerNotOwnedError(this.url);
  }

  async pause(): Promise<void> {
    throw new ServerNotOwnedError(this.url);
  }

  async resume(): Promise<void> {
    throw new ServerNotOwnedError(this.url);
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The address without its password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the address given, which is no URL';
}
