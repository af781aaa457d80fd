import type { Socket } from 'node:net';
import type { Connection, RowDataPacket } from 'mysql2/promise';

/** The parts of a mysql2 connection that are used here. */
export interface RawConnection {
  readonly stream: Socket;
  promise(): Connection;
  destroy(): void;
}

/** How often each server is asked whether it takes writes, in milliseconds. */
const ASK_EVERY_MS = 1_000;

/**
 * In milliseconds. A younger connection is not retired after a refused write: while no server takes
 * writes, each failed statement would open a new connection.
 */
const LEAST_AGE_MS = 250;

/** Read-only counts even if this account may write: what it writes to such a server is lost. */
const STATE = `SELECT @@global.read_only AS readOnly, @@global.innodb_read_only AS engineReadOnly,
  CONCAT_WS(' ', @@global.hostname, @@global.port, @@global.server_id) AS server`;

interface Member {
  readonly server: string;
  readonly openedAt: number;
  /**
   * `doubted`: not used until its server says that it takes writes. `retired`: never used again.
   */
  state: 'trusted' | 'doubted' | 'retired';
  isAsked: boolean;
}

/**
 * The open connections of a pool, and which of them may still be used.
 *
 * After a failover behind one address, old connections still lead to the old server. That server
 * answers reads, so they do not fail before the first write. Three checks find them:
 * - Each server is asked once a second, on one of its connections, whether it takes writes. If not, all
 *   connections to it are retired.
 * - When a server refuses a write, every older connection is retired.
 * - When a new connection leads to another server than the others, the others are not used until
 *   their servers say that they take writes. So a client that saw a write on the new server never
 *   reads from the old one.
 *
 * The pool does not hand out a retired connection. The statement that runs on it may still finish.
 */
export class PooledConnections {
  readonly #members = new Map<RawConnection, Member>();
  readonly #timer = setInterval(() => this.#askAll(), ASK_EVERY_MS).unref();

  /** Adds a connection that was just opened to the server behind the address. */
  async add(connection: RawConnection): Promise<void> {
    const { server } = await stateOf(connection);
    for (const [other, member] of this.#members) {
      if (member.server !== server) this.#doubt(other, member);
    }
    const openedAt = performance.now();
    this.#members.set(connection, { server, openedAt, state: 'trusted', isAsked: false });
    connection.stream.once('close', () => this.#members.delete(connection));
  }

  isUsable(connection: RawConnection): boolean {
    return this.#members.get(connection)?.state === 'trusted';
  }

  /** A server refused a statement that it should have accepted. */
  dropAll(): void {
    const now = performance.now();
    for (const member of this.#members.values()) {
      if (now - member.openedAt >= LEAST_AGE_MS) member.state = 'retired';
    }
  }

  /** One connection got no answer, so the other connections may be dead too. */
  doubtAll(): void {
    for (const [connection, member] of this.#members) this.#doubt(connection, member);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #doubt(connection: RawConnection, member: Member): void {
    if (member.state === 'retired') return;
    member.state = 'doubted';
    void this.#ask(connection, member);
  }

  #askAll(): void {
    const asked = new Set<string>();
    for (const [connection, member] of this.#members) {
      // While one waits for a long statement to end, the next one is asked.
      if (member.state !== 'trusted' || member.isAsked || asked.has(member.server)) continue;
      asked.add(member.server);
      void this.#askForServer(connection, member);
    }
  }

  /** When the answer on one connection is no, or none, each other connection to the server is asked. */
  async #askForServer(connection: RawConnection, member: Member): Promise<void> {
    const others = [...this.#members].filter(
      ([, other]) => other !== member && other.server === member.server,
    );
    await this.#ask(connection, member);
    if (member.state !== 'retired') return;
    for (const [other, known] of others) this.#doubt(other, known);
  }

  /** On a connection in use, the query waits for the current statement and does not disturb it. */
  async #ask(connection: RawConnection, member: Member): Promise<void> {
    if (member.isAsked || member.state === 'retired') return;
    member.isAsked = true;
    try {
      const { takesWrites } = await stateOf(connection);
      if (!takesWrites) member.state = 'retired';
      else if (member.state === 'doubted') member.state = 'trusted';
    } catch {
      member.state = 'retired';
    } finally {
      member.isAsked = false;
    }
  }
}

async function stateOf(connection: RawConnection) {
  const [[row]] = await connection.promise().query<RowDataPacket[]>(STATE);
  const takesWrites = isOff(row?.['readOnly']) && isOff(row?.['engineReadOnly']);
  return { server: String(row?.['server']), takesWrites };
}

/** A number, or a word where the variable has more than two values. */
function isOff(value: unknown): boolean {
  return /^(0|OFF)$/i.test(String(value));
}
