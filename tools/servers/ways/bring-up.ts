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

/** Answers undefined where the way does not exist on this machine, and fails where it exists and breaks. */
type Way = (kind: ServerKind, options: ServerOptions) => Promise<Server | undefined>;

const WAYS: Record<ServerWay, Way> = {
  given: useGiven,
  docker: startContainer,
  binary: startBinary,
};

/**
 * Brings a server up by the first way that this machine has.
 *
 * @throws ServerUnavailableError there is none
 */
export async function bringUp(kind: ServerKind, options: ServerOptions): Promise<Server> {
  for (const way of options.ways ?? (['given', 'docker', 'binary'] as const)) {
    const server = await WAYS[way](kind, options);
    if (server) return server;
  }
  throw new ServerUnavailableError(adviceFor(kind));
}

function adviceFor({ title, variable, debianPackage }: ServerKind): string {
  const how = debianPackage ? ` (Debian, Ubuntu: apt-get install ${debianPackage})` : '';
  return `${title} is needed: set ${variable} to its address, start Docker, or install it${how}`;
}
