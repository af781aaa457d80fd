import {
  type Server,
  type ServerOptions,
  type ServerSource,
  ServerUnavailableError,
} from '../server.js';
import type { ServerKind } from '../server-kind.js';
import { startBinary } from './start-binary.js';
import { startContainer } from './start-container.js';
import { useGiven } from './use-given.js';

/** Returns undefined if this machine does not have the source; fails if it has the source and the start fails. */
type StartFrom = (kind: ServerKind, options: ServerOptions) => Promise<Server | undefined>;

const STARTS: Record<ServerSource, StartFrom> = {
  given: useGiven,
  docker: startContainer,
  binary: startBinary,
};

const ALL = ['given', 'docker', 'binary'] as const;

/**
 * Starts a server from the first source that this machine has.
 *
 * @throws ServerUnavailableError there is none
 */
export async function bringUp(kind: ServerKind, options: ServerOptions): Promise<Server> {
  const sources = options.sources ?? ALL;
  for (const source of sources) {
    const server = await STARTS[source](kind, options);
    if (server) return server;
  }
  throw new ServerUnavailableError(adviceFor(kind, sources, options.variable));
}

function adviceFor(
  { title, variable, debianPackage }: ServerKind,
  sources: readonly ServerSource[],
  otherVariable = variable,
): string {
  const how = debianPackage ? ` (Debian, Ubuntu: apt-get install ${debianPackage})` : '';
  const advice: Record<ServerSource, string> = {
    given: `set ${otherVariable} to its address`,
    docker: 'start Docker',
    binary: `install it${how}`,
  };
  return `${title} is needed: ${sources.map((source) => advice[source]).join(', or ')}`;
}
