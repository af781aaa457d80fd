/** What is needed to start one product (MariaDB, Redis, …) in any way. */
export interface ServerKind {
  /** Name in messages. */
  readonly title: string;
  /** Name in temporary folders. */
  readonly slug: string;
  /** The environment variable that gives the address of a running server. */
  readonly variable: string;
  readonly image: ContainerImage;
  /** Programs that can run it, the preferred one first. */
  readonly programs: readonly ServerProgram[];
  /** Debian and Ubuntu packages of a program, separated by blanks; undefined if there are none. */
  readonly debianPackage: string | undefined;
  /** The signal for a clean stop, if it is not SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  urlFor(host: string, port: number): string;
  /** Fails while the server at `url` does not answer a real request. */
  ping(url: string): Promise<void>;
}

/** An image from the public registry, and how it is started. */
export interface ContainerImage {
  readonly name: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Settings that depend on the port at which the container is reached. */
  environmentFor?(hostPort: number): Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** An executable on the PATH. */
export interface ServerProgram {
  readonly name: string;
  /** Other executables that it needs. */
  readonly companions?: readonly string[];
  /** Prepares a new `place.data` for the first start. */
  createData?(place: ProgramPlace): Promise<void>;
  /** Prepares each start, also of existing data. */
  beforeStart?(place: ProgramPlace): Promise<void>;
  argumentsFor(place: ProgramPlace): readonly string[];
}

/** The folders and programs of one server process. */
export interface ProgramPlace {
  /** Full paths of the program and its companions, by name. */
  readonly executables: Readonly<Record<string, string>>;
  /** Folder of the log and of short-lived files. */
  readonly folder: string;
  readonly data: string;
  readonly port: number;
}
