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
    const what = await whatIsMissing(kind.image.name, runtime);
    process.stderr.write(`Docker could not start ${what} (${reason}), trying without\n`);
    return undefined;
  }
}

/**
 * testcontainers starts a container of its own first, which removes the others when this process is
 * killed. When its image cannot be fetched, the error does not name it.
 */
async function whatIsMissing(image: string, runtime: ContainerRuntimeClient): Promise<string> {
  const { ImageName } = await import('testcontainers');
  const isHere = await runtime.image.exists(ImageName.fromString(image)).catch(() => false);
  const isWithout = process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true';
  return isHere && !isWithout
    ? `the reaper of testcontainers; ${image} is here, and TESTCONTAINERS_RYUK_DISABLED=true uses it without`
    : image;
}

async function findRuntime(): Promise<ContainerRuntimeClient | undefined> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().catch(() => undefined);
}
