import type { ServerOptions } from '../server.js';
import type { ServerKind } from '../server-kind.js';
import { GivenServer } from './given-server.js';

/** Uses the server whose address the caller or the environment names, if any. */
export async function useGiven(
  kind: ServerKind,
  options: ServerOptions,
): Promise<GivenServer | undefined> {
  const url = options.given ?? process.env[options.variable ?? kind.variable];
  return url ? GivenServer.at(url, kind) : undefined;
}
