import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../eventually.js';
import { assertPortIsFree, findFreePort } from '../free-port.js';
import { ServerProcess } from '../processes/server-process.js';
import { type Server, type ServerOptions, ServerUnavailableError } from '../server.js';
import type { ProgramPlace, ServerKind, ServerProgram } from '../server-kind.js';
import { TemporaryFolder } from '../temporary-folder.js';
import type { FoundProgram } from './find-program.js';

/** A member of a cluster first copies the data of another one. */
const READY_TIMEOUT_MS = 180_000;

/** A server as a child process on the loopback address, its data in a temporary folder. */
export class BinaryServer implements Server {
  readonly source = 'binary';
  readonly url: string;
  private process: ServerProcess | undefined;

  private constructor(
    private readonly kind: ServerKind,
    private readonly program: ServerProgram,
    private readonly place: ProgramPlace,
    private readonly folder: TemporaryFolder,
    private readonly log: string,
  ) {
    this.url = kind.urlFor('127.0.0.1', place.port);
  }

  static async launch(
    kind: ServerKind,
    found: FoundProgram,
    { port, logFolder }: Pick<ServerOptions, 'port' | 'logFolder'>,
  ): Promise<BinaryServer> {
    const place = { port: await choosePort(kind, port), executables: found.executables };
    const folder = new TemporaryFolder(kind.slug);
    const data = path.join(folder.path, 'data');
    const server = new BinaryServer(
      kind,
      found.program,
      { ...place, folder: folder.path, data },
      folder,
      logFolder ? path.join(logFolder, `${kind.slug}.log`) : path.join(folder.path, 'log'),
    );
    try {
      await server.start('empty');
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  get ended(): AbortSignal | undefined {
    return this.process?.ended;
  }

  async start(how?: 'empty'): Promise<void> {
    if (this.process && !this.process.ended.aborted) return;
    if (how === 'empty') await this.renewData();
    await this.program.beforeStart?.(this.place);
    this.process = new ServerProcess(
      this.executable,
      this.program.argumentsFor(this.place),
      this.log,
    );
    await eventually(() => this.kind.ping(this.url), {
      withinMs: READY_TIMEOUT_MS,
      signal: this.process.ended,
    });
  }

  async stop(how?: 'abruptly'): Promise<void> {
    await this.process?.stop(how === 'abruptly' ? 'SIGKILL' : (this.kind.stopSignal ?? 'SIGTERM'));
  }

  async pause(): Promise<void> {
    this.process?.signal('SIGSTOP');
  }

  async resume(): Promise<void> {
    this.process?.signal('SIGCONT');
  }

  async close(): Promise<void> {
    // Its data is removed too, so it need not stop cleanly.
    await this.stop('abruptly');
    await this.folder.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private get executable(): string {
    return this.place.executables[this.program.name] ?? this.program.name;
  }

  private async renewData(): Promise<void> {
    await rm(this.place.data, { recursive: true, force: true });
    await mkdir(this.place.data, { mode: 0o700 });
    await this.program.createData?.(this.place);
  }
}

async function choosePort(kind: ServerKind, port: number | undefined): Promise<number> {
  if (port === undefined) return findFreePort();
  await assertPortIsFree(port).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new ServerUnavailableError(`port ${port} for ${kind.title} cannot be used: ${code}`);
  });
  return port;
}
