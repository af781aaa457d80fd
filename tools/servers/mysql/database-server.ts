import { randomBytes } from 'node:crypto';
import type { Server } from '../server.js';
import { withConnection } from './mysql-connection.js';

/** A MySQL or MariaDB server that creates empty databases, so that suites never share rows. */
export class DatabaseServer implements Server {
  private readonly created: string[] = [];

  constructor(private readonly server: Server) {}

  get url(): string {
    return this.server.url;
  }

  get source() {
    return this.server.source;
  }

  get ended() {
    return this.server.ended;
  }

  /** Creates an empty database and returns its address. It is dropped when this server is closed. */
  async createDatabase(): Promise<string> {
    const name = `lockstep_${randomBytes(6).toString('hex')}`;
    await this.execute(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    this.created.push(name);
    const url = new URL(this.url);
    url.pathname = name;
    return url.href;
  }

  stop(how?: 'abruptly'): Promise<void> {
    return this.server.stop(how);
  }

  start(how?: 'empty'): Promise<void> {
    return this.server.start(how);
  }

  pause(): Promise<void> {
    return this.server.pause();
  }

  resume(): Promise<void> {
    return this.server.resume();
  }

  async close(): Promise<void> {
    if (this.source === 'given') await this.dropCreated();
    await this.server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async dropCreated(): Promise<void> {
    for (const name of this.created.splice(0)) {
      await this.execute(`DROP DATABASE IF EXISTS ${name}`);
    }
  }

  private async execute(statement: string): Promise<void> {
    await withConnection(this.url, (connection) => connection.query(statement));
  }
}
