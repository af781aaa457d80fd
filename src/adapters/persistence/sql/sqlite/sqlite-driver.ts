import type { SqliteResult, SqliteSettings, SqliteValues } from './sqlite-messages.js';
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

/** A connection as Sequelize's dialect for SQLite calls it. */
class Connection {
  constructor(
    readonly filename: string,
    private readonly thread: SqliteThread,
    private readonly release: (thread: SqliteThread) => void,
    opened: (error: Error | null) => void,
  ) {
    thread.ask({}).then(() => opened(null), opened);
  }

  /** The statements of one connection run in their order anyway. */
  serialize(work: () => void): void {
    work();
  }

  run(sql: string, values?: SqliteValues, done?: Callback): void {
    this.ask(sql, values, false, done);
  }

  all(sql: string, values?: SqliteValues | Callback, done?: Callback): void {
    if (typeof values === 'function') this.ask(sql, [], true, values);
    else this.ask(sql, values, true, done);
  }

  close(done?: (error: Error | null) => void): void {
    this.thread.ask({}).then(
      () => {
        this.release(this.thread);
        done?.(null);
      },
      (error: Error) => {
        // It may have a transaction open, so it is not used again.
        void this.thread.end();
        done?.(error);
      },
    );
  }

  private ask(sql: string, values: SqliteValues = [], isRead: boolean, done?: Callback): void {
    this.thread.ask({ sql, values, isRead }).then(
      (result) => done?.call(new Statement(result), null, result.rows),
      (error: Error) => done?.call(new Statement(), error),
    );
  }
}
