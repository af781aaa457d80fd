import {
  type Server,
  type ServerOptions,
  ServerUnavailableError,
  type ServerWay,
} from '../server.js';
import type { ServerKind } from '../server-kind.js';
import { startBinary } from './start-binary.js';
import { startContainer } from './start-container.js';
import { useGiven } from './use-given.js';

/** Returns undefined if this machine does not have the way, and fails if it has and the start fails. */
type Way = (kind: ServerKind, options: ServerOptions) => Promise<Server | undefined>;

const WAYS: Record<ServerWay, Way> = {
  given: useGiven,
  docker: startContainer,
  binary: startBinary,
};

const ALL = ['given', 'docker', 'binary'] as const;

/**
 * Starts a server in the first way that this machine has.
 *
 * @throws ServerUnavailableError there is none
 */
export async function bringUp(kind: ServerKind, options: ServerOptions): Promise<Server> {
  const ways = options.ways ?? ALL;
  for (const way of ways) {
    const server = await WAYS[way](kind, options);
    if (server) return server;
  }
  throw new ServerUnavailableError(adviceFor(kind, ways, options.variable));
}

function adviceFor(
  { title, variable, debianPackage }: ServerKind,
  ways: readonly ServerWay[],
  otherVariable = variable,
): string {
  const how = debianPackage ? ` (Debian, Ubuntu: apt-get install ${debianPackage})` : '';
  const advice: Record<ServerWay, string> = {
    given: `set ${otherVariable} to its address`,
    docker: 'start Docker',
    binary: `install it${how}`,
  };
  return `${title} is needed: ${ways.map((way) => advice[way]).join(', or ')}`;
}
