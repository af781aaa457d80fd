/** Where a server comes from: given by its address, a container, or a program on this machine. */
export type ServerSource = 'given' | 'docker' | 'binary';

/** A real server for tests, the cluster and benchmarks. Closing ends it only if this process began it. */
export interface Server extends AsyncDisposable {
  /** Its address, which stays the same across `stop` and `start`. */
  readonly url: string;
  readonly source: ServerSource;
  /** Aborts with a reason when the current process has ended; undefined if that cannot be observed. */
  readonly ended?: AbortSignal | undefined;
  /**
   * Stops the server and keeps its data; `abruptly` kills it, like a crash.
   *
   * @throws ServerNotOwnedError the server was given, not started here
   */
  stop(how?: 'abruptly'): Promise<void>;
  /** Restarts it on the same port, with its data or `empty`; resolves once it is ready. */
  start(how?: 'empty'): Promise<void>;
  /** Freezes it: connections stay open and nothing is answered until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops it and removes its data. A given server keeps running. */
  close(): Promise<void>;
}

/** Options of every kind of server. */
export interface ServerOptions {
  /** Address of a running server to use; by default from the environment. */
  readonly given?: string | undefined;
  /** The environment variable to read instead of the one that tests use. */
  readonly variable?: string;
  /** The sources to try, in this order; all by default. */
  readonly sources?: readonly ServerSource[];
  /** Port on the loopback address; a free one by default. */
  readonly port?: number;
  /** Further settings in the server's own names, as in `{ 'max-connections': '50' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder for the log of a local process; by default its own folder, which is removed with it. */
  readonly logFolder?: string;
  /**
   * Whether an acknowledged write survives a power cut. Off by default, since the flush to disk is most
   * of the cost of a small write. A killed server loses nothing either way.
   */
  readonly durable?: boolean;
}

/** No server could be started; the message is one line that says what to install or set. */
export class ServerUnavailableError extends Error {
  override readonly name = 'ServerUnavailableError';
}

/** A server that was given by its address must not be stopped. */
export class ServerNotOwnedError extends Error {
  override readonly name = 'ServerNotOwnedError';
  constructor(readonly url: string) {
    super(
      `${URL.canParse(url) ? new URL(url).host : url} was given by its address, so it is not stopped or started here`,
    );
  }
}
