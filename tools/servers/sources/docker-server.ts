import {
  type ContainerRuntimeClient,
  GenericContainer,
  type StartedTestContainer,
} from 'testcontainers';
import { eventually } from '../eventually.js';
import { findFreePort } from '../free-port.js';
import type { Server } from '../server.js';
import type { ServerKind } from '../server-kind.js';

const READY_TIMEOUT_MS = 120_000;

/** A server in a container, on a host port chosen once, so that a restart uses the same one. */
export class DockerServer implements Server {
  readonly source = 'docker';

  private constructor(
    private readonly kind: ServerKind,
    private readonly runtime: ContainerRuntimeClient,
    private readonly port: number,
    private container: StartedTestContainer,
    readonly url: string,
  ) {}

  static async launch(
    kind: ServerKind,
    runtime: ContainerRuntimeClient,
    port?: number,
  ): Promise<DockerServer> {
    const hostPort = port ?? (await findFreePort());
    const container = await create(kind, hostPort);
    const url = kind.urlFor(container.getHost(), hostPort);
    const server = new DockerServer(kind, runtime, hostPort, container, url);
    try {
      await server.becomeReady();
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  async stop(how?: 'abruptly'): Promise<void> {
    await (how === 'abruptly' ? this.handle.kill() : this.handle.stop());
  }

  async start(how?: 'empty'): Promise<void> {
    if (how === 'empty') {
      await this.container.stop({ remove: true, removeVolumes: true });
      this.container = await create(this.kind, this.port);
    } else {
      await this.handle.start();
    }
    await this.becomeReady();
  }

  async pause(): Promise<void> {
    await this.handle.pause();
  }

  async resume(): Promise<void> {
    await this.handle.unpause();
  }

  async close(): Promise<void> {
    await this.container.stop({ remove: true, removeVolumes: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private get handle() {
    return this.runtime.container.getById(this.container.getId());
  }

  private async becomeReady(): Promise<void> {
    await eventually(() => this.kind.ping(this.url), { withinMs: READY_TIMEOUT_MS });
  }
}

function create(kind: ServerKind, hostPort: number): Promise<StartedTestContainer> {
  const { name, port, command } = kind.image;
  const environment = { ...kind.image.environment, ...kind.image.environmentFor?.(hostPort) };
  const container = new GenericContainer(name)
    .withExposedPorts({ container: port, host: hostPort })
    .withEnvironment(environment);
  return (command.length > 0 ? container.withCommand([...command]) : container).start();
}
