/** What the ways need to know of one product (MariaDB, Redis, …) to bring it up. */
export interface ServerKind {
  /** As a person would call it, in messages. */
  readonly title: string;
  /** Name of temporary folders and the like. */
  readonly slug: string;
  /** The environment variable that gives the address of a running server. */
  readonly variable: string;
  readonly image: ContainerImage;
  /** Programs that can do it, the preferred one first. */
  readonly programs: readonly ServerProgram[];
  /** The Debian and Ubuntu packages that bring a program, by blanks; undefined where there are none. */
  readonly debianPackage: string | undefined;
  /** The signal that ends it in order, where that is not SIGTERM. */
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
  /** What the server must know of the port that it is reached by from outside. */
  environmentFor?(hostPort: number): Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** An executable on the PATH. */
export interface ServerProgram {
  readonly name: string;
  /** Other executables it needs, all of which must be there too. */
  readonly companions?: readonly string[];
  /** Makes a new `place.data` ready for the first start. */
  createData?(place: ProgramPlace): Promise<void>;
  argumentsFor(place: ProgramPlace): readonly string[];
}

/** Where one server process lives. */
export interface ProgramPlace {
  /** Full paths of the program and its companions, by name. */
  readonly executables: Readonly<Record<string, string>>;
  /** Holds the log and short-lived files. */
  readonly folder: string;
  readonly data: string;
  readonly port: number;
}
