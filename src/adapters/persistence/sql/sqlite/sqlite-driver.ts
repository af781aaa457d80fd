import type { Result, RoundTrips, Send } from '../connections/issued-statements.js';
import type {
  SqliteResult,
  SqliteSettings,
  SqliteStatement,
  SqliteValues,
} from './sqlite-messages.js';
import { SqliteThread } from './sqlite-thread.js';

type Callback = (this: Statement, error: Error | null, rows?: readonly object[]) => void;

/** The fields of a finished statement that Sequelize reads. */
class Statement {
  readonly lastID: number | undefined;
  readonly changes: number;

  constructor(result?: SqliteResult) {
    this.lastID = result?.lastId;
    this.changes = result?.changes ?? 0;
  }
}

/**
 * Gives Node's own SQLite the interface of the package `sqlite3`, as far as Sequelize uses it. So
 * nothing has to be compiled or downloaded. Sequelize opens a connection for each transaction and
 * closes it afterwards. The threads of closed connections are kept here for the next ones.
 */
export class SqliteDriver {
  readonly OPEN_READWRITE = 0x2;
  readonly OPEN_CREATE = 0x4;
  readonly Database: new (
    file: string,
    mode: number,
    opened: (error: Error | null) => void,
  ) => Connection;

  private readonly idle: SqliteThread[] = [];
  private readonly threads = new Set<SqliteThread>();

  constructor(settings: SqliteSettings) {
    const take = () => this.idle.pop() ?? this.start(settings);
    const release = (thread: SqliteThread) => this.idle.push(thread);
    this.Database = class extends Connection {
      constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
        super(filename, take(), release, opened);
      }
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.threads].map((thread) => thread.end()));
  }

  private start(settings: SqliteSettings): SqliteThread {
    const thread = new SqliteThread(settings);
    this.threads.add(thread);
    return thread;
  }
}

/**
 * A connection as Sequelize's dialect for SQLite calls it, and as our own statements use it. Each message to its
 * thread costs as much as several statements, so statements that are issued together are one message.
 */
class Connection implements RoundTrips {
  /** The type of the transaction that begins together with the next statement. */
  private begins: string | undefined;

  constructor(
    readonly filename: string,
    private readonly thread: SqliteThread,
    private readonly release: (thread: SqliteThread) => void,
    opened: (error: Error | null) => void,
  ) {
    thread.prepare(opened);
  }

  beginWithNext(type: string): void {
    this.begins = type;
  }

  forgetBegin(): boolean {
    const isForgotten = this.begins !== undefined;
    this.begins = undefined;
    return isForgotten;
  }

  readonly send: Send = (statements, ended) => {
    const asked = statements.map(({ sql, values, kind }) => ({
      ...{ sql, values, isRead: kind === 'read', isPrepared: kind !== 'rareChange' },
    }));
    this.ask(asked, (results, error) => {
      const own = results.map(
        ({ rows, changes }, i): Result => (asked[i]?.isRead ? rows : { affectedRows: changes }),
      );
      ended(own, error);
    });
  };

  /** The statements of one connection run in their order anyway. */
  serialize(work: () => void): void {
    work();
  }

  run(sql: string, values?: SqliteValues, done?: Callback): void {
    this.askOne({ sql, values: values ?? [], isRead: false }, done);
  }

  all(sql: string, values?: SqliteValues | Callback, done?: Callback): void {
    if (typeof values === 'function') this.askOne({ sql, values: [], isRead: true }, values);
    else this.askOne({ sql, values: values ?? [], isRead: true }, done);
  }

  close(done?: (error: Error | null) => void): void {
    this.forgetBegin();
    this.thread.reset((error) => {
      // After a failure it may have a transaction open, so it is not used again.
      if (error) void this.thread.end();
      else this.release(this.thread);
      done?.(error);
    });
  }

  private askOne(statement: SqliteStatement, done?: Callback): void {
    this.ask([statement], ([result], error) => {
      if (error) done?.call(new Statement(), error);
      else done?.call(new Statement(result), null, result?.rows);
    });
  }

  private ask(
    statements: readonly SqliteStatement[],
    ended: (results: readonly SqliteResult[], error?: Error) => void,
  ): void {
    const begin =
      this.begins === undefined ? [] : [{ sql: `BEGIN ${this.begins}`, isPrepared: true }];
    this.forgetBegin();
    this.thread.run([...begin, ...statements], (results, error) =>
      ended(results.slice(begin.length), error),
    );
  }
}
