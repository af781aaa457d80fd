import { setInterval } from 'node:timers';
import { QueryTypes, type Sequelize } from 'sequelize';
import { Clock } from '../../../domain/ports/clock.js';

/** How often the database is asked for its time, in milliseconds. */
const EVERY_MS = 1_000;

/** The clock starts with the best of this many readings. */
const FIRST_READINGS = 3;

/**
 * The largest drift between the monotonic clock and the database's clock: a thousandth, which is
 * much more than real clocks drift.
 */
const DRIFT = 1e-3;

/** The database's time, in milliseconds since 1970. */
const NOW: Readonly<Record<string, string>> = {
  mysql: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) / 1000 AS now",
  sqlite: "SELECT (julianday('now') - 2440587.5) * 86400000.0 AS now",
};

/** The time of the database's clock, and the time of the monotonic clock at the same moment. */
interface Reading {
  readonly databaseMs: number;
  readonly atMs: number;
  /** Half the round-trip time: the largest possible error of `databaseMs`. */
  readonly errorMs: number;
}

/**
 * The time of the database. It is the same for all instances, even if the clocks of their machines
 * differ: one instance stores a time, and another compares it with its own time.
 *
 * The clock asks the database once a second. In between it counts on with the monotonic clock of
 * the process (after Cristian, "Probabilistic clock synchronization", 1989). So nothing waits for
 * it, and it continues while the database cannot be reached.
 */
export class SqlClock extends Clock {
  private readonly timer: NodeJS.Timeout;
  private isReading = false;

  private constructor(
    private readonly sequelize: Sequelize,
    private reading: Reading,
  ) {
    super();
    this.timer = setInterval(() => void this.readAgain(), EVERY_MS);
    this.timer.unref();
  }

  /** Resolves when it knows the time. */
  static async start(sequelize: Sequelize): Promise<SqlClock> {
    let best = await read(sequelize);
    for (let i = 1; i < FIRST_READINGS; i++) best = better(best, await read(sequelize));
    return new SqlClock(sequelize, best);
  }

  override now(): Date {
    return new Date(timeOf(this.reading, performance.now()));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Never rejects: a database that cannot be reached is asked again. */
  private async readAgain(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    const next = await read(this.sequelize).catch(() => undefined);
    if (next) this.reading = better(this.reading, next);
    this.isReading = false;
  }
}

async function read(sequelize: Sequelize): Promise<Reading> {
  const sql = NOW[sequelize.getDialect()] ?? '';
  const askedMs = performance.now();
  const [row] = await sequelize.query<{ now: string | number }>(sql, { type: QueryTypes.SELECT });
  const answeredMs = performance.now();
  return {
    databaseMs: Number(row?.now),
    atMs: (askedMs + answeredMs) / 2,
    errorMs: (answeredMs - askedMs) / 2,
  };
}

function timeOf({ databaseMs, atMs }: Reading, nowMs: number): number {
  return databaseMs + (nowMs - atMs);
}

/**
 * Takes the later reading. It keeps the earlier one when that is still more exact and both agree.
 */
function better(before: Reading, next: Reading): Reading {
  const errorMs = before.errorMs + (next.atMs - before.atMs) * DRIFT;
  const apartMs = Math.abs(timeOf(before, next.atMs) - next.databaseMs);
  const isCloser = errorMs < next.errorMs && apartMs <= errorMs + next.errorMs;
  return isCloser ? before : next;
}
