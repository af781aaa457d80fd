/** How a server came to be there: given by its address, in a container, or as a child process. */
export type ServerWay = 'given' | 'docker' | 'binary';

/** A real server for tests, the cluster and benchmarks. Closing ends it only if this process began it. */
export interface Server extends AsyncDisposable {
  /** Its address, which stays the same across `stop` and `start`. */
  readonly url: string;
  readonly way: ServerWay;
  /** Aborts, with a reason, when the run of now has ended, by whomever; undefined where it cannot be seen. */
  readonly ended?: AbortSignal | undefined;
  /**
   * Ends the server and keeps its data; `abruptly` kills it, as a crash would.
   *
   * @throws ServerNotOwnedError the server was given, not started here
   */
  stop(how?: 'abruptly'): Promise<void>;
  /** Starts it again on the same port, with its data or, when asked, `empty`; answers once it is ready. */
  start(how?: 'empty'): Promise<void>;
  /** Freezes it: connections stay open and nothing is answered until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it for good and removes its data. A given server is left running. */
  close(): Promise<void>;
}

/** What every kind of server can be asked to start with. */
export interface ServerOptions {
  /** Address of a running server to use; unless this is set the environment is asked. */
  readonly given?: string | undefined;
  /** The environment variable to ask in place of the one that tests use. */
  readonly variable?: string;
  /** The ways to try, in this order; all of them unless it is set. */
  readonly ways?: readonly ServerWay[];
  /** Port on the loopback address; a free one unless it is set. */
  readonly port?: number;
  /** Further settings in the server's own words, as in `{ 'max-connections': '50' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder for the log of a process of this machine; its own, which goes with it, unless it is set. */
  readonly logFolder?: string;
  /**
   * Whether an acknowledged write outlives a power cut. Off unless it is set, since flushing
   * to disk costs most of a small write; a killed server loses nothing either way.
   */
  readonly durable?: boolean;
}

/** No way led to a server; the message is one line and says what to install or set. */
export class ServerUnavailableError extends Error {
  override readonly name = 'ServerUnavailableError';
}

/** A server that was given by its address is not ours to stop. */
export class ServerNotOwnedError extends Error {
  override readonly name = 'ServerNotOwnedError';
  constructor(readonly url: string) {
    super(
      `${URL.canParse(url) ? new URL(url).host : url} was given by its address, so it is not stopped or started here`,
    );
  }
}
