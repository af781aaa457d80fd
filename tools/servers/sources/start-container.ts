import type { ContainerRuntimeClient } from 'testcontainers';
import type { ServerOptions } from '../server.js';
import type { ServerKind } from '../server-kind.js';
import type { DockerServer } from './docker-server.js';

/** Starts a container, if a Docker daemon answers and has or can fetch the image. */
export async function startContainer(
  kind: ServerKind,
  { port }: ServerOptions,
): Promise<DockerServer | undefined> {
  const runtime = await findRuntime();
  if (!runtime) return undefined;
  // Loaded only here, since it takes longer than the start of a server.
  const { DockerServer } = await import('./docker-server.js');
  try {
    return await DockerServer.launch(kind, runtime, port);
  } catch (error) {
    const reason = String(error).split('\n')[0];
    process.stderr.write(`Docker could not start ${kind.image.name} (${reason}), trying without\n`);
    return undefined;
  }
}

async function findRuntime(): Promise<ContainerRuntimeClient | undefined> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().catch(() => undefined);
}
