import type { Socket } from 'node:net';
import type { Connection, RowDataPacket } from 'mysql2/promise';

/** What is used of mysql2's connection. */
export interface RawConnection {
  readonly stream: Socket;
  promise(): Connection;
  destroy(): void;
}

/** How often each server is asked whether it takes writes, in milliseconds. */
const ASK_EVERY_MS = 1_000;

/**
 * A connection younger than this is not dropped for a refused write: while no server takes writes,
 * each failing statement would open a new one. In milliseconds.
 */
const LEAST_AGE_MS = 250;

/** Also where the account may write in spite of it: what it writes there is lost. */
const STATE = `SELECT @@global.read_only AS readOnly, @@global.innodb_read_only AS engineReadOnly,
  CONCAT_WS(' ', @@global.hostname, @@global.port, @@global.server_id) AS server`;

interface Member {
  readonly server: string;
  readonly openedAt: number;
  /** Doubted: not to be used before its server says that it takes writes. Retired: never again. */
  state: 'trusted' | 'doubted' | 'retired';
  isAsked: boolean;
}

/**
 * The open connections of a pool, and which of them may still be used.
 *
 * After a failover behind one address, pooled connections still lead to the old server. It answers
 * reads, so nothing fails on them until somebody writes. Three things find them:
 * - each server is asked once a second, on one of its connections, whether it takes writes; if it does
 *   not, all its connections are dropped;
 * - when a server refuses a write, every connection opened before is dropped;
 * - when a new connection leads to another server than the others, those are not used again before
 *   their servers said that they take writes. So nobody who saw a write on the new server reads
 *   from the old one.
 *
 * Dropped means: the pool does not hand it out again. What is under way on it comes to its end.
 */
export class PooledConnections {
  readonly #members = new Map<RawConnection, Member>();
  readonly #timer = setInterval(() => this.#askAll(), ASK_EVERY_MS).unref();

  /** A connection just opened, to whatever server the address leads to now. */
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

  /** A server refused what it should have done. */
  dropAll(): void {
    const now = performance.now();
    for (const member of this.#members.values()) {
      if (now - member.openedAt >= LEAST_AGE_MS) member.state = 'retired';
    }
  }

  /** One connection fell silent: the others may be as dead. */
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

  /** The other connections to this server share its fate; when this one fails, each is asked. */
  async #askForServer(connection: RawConnection, member: Member): Promise<void> {
    const others = [...this.#members].filter(
      ([, other]) => other !== member && other.server === member.server,
    );
    await this.#ask(connection, member);
    if (member.state !== 'retired') return;
    for (const [other, known] of others) this.#doubt(other, known);
  }

  /** On a connection in use it is queued behind the current statement and does not disturb it. */
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
