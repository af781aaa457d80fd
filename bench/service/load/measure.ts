import type { ChildProcess } from 'node:child_process';
import type { RowDataPacket } from 'mysql2/promise';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { askRedis } from '../../../tools/servers/redis/ask-redis.js';
import { percentile } from '../../statistics.js';
import type { Servers } from '../contestant.js';
import type { Sample } from '../sample.js';
import { type DriveOptions, drive } from './drive.js';
import { driveAtRate } from './drive-at-rate.js';
import { processCpuMs, residentMb } from './process-cpu.js';

export interface Load extends Omit<DriveOptions, 'onBegin'> {
  readonly label: Pick<Sample, 'contestant' | 'scenario' | 'round'>;
  readonly servers: Servers;
  readonly processes: readonly ChildProcess[];
  /** Requests a second at fixed times; undefined: a closed loop. */
  readonly rate?: number | undefined;
  /** Whether the requests are orders that a queue decides later. */
  readonly isQueued?: boolean;
}

/**
 * Puts a load on a running contestant, and measures its answers and its cost.
 *
 * @throws Error the load ended before its warm-up, or queued orders were not decided in time
 */
export async function measure(load: Load): Promise<Sample> {
  const { label, servers, processes, rate } = load;
  const pids = processes.flatMap(({ pid }) => pid ?? []);
  const counters = async () => ({
    at: performance.now(),
    cpuMs: pids.reduce((sum, pid) => sum + processCpuMs(pid), 0),
    settled: load.isQueued ? (await orderRequests(servers)).settled : 0,
    ...(await serverCounters(servers)),
  });
  let before: Awaited<ReturnType<typeof counters>> | undefined;
  const onBegin = async () => {
    before = await counters();
  };
  const driven =
    rate === undefined
      ? await drive({ ...load, onBegin })
      : await driveAtRate({ ...load, onBegin, rate });
  if (load.isQueued) await untilSettled(servers);
  const after = await counters();
  if (!before) throw new Error('the load ended before its warm-up');
  const { answers, seconds, times, refusals } = driven;
  const each = (name: 'cpuMs' | 'statements' | 'commands') =>
    (after[name] - (before?.[name] ?? 0)) / answers;
  return {
    ...label,
    perSecond: answers / seconds,
    ...(load.isQueued && {
      settledPerSecond: ((after.settled - before.settled) * 1_000) / (after.at - before.at),
    }),
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    maxMs: percentile(times, 1),
    cpuMs: each('cpuMs'),
    statements: each('statements'),
    commands: each('commands'),
    connections: after.connections,
    residentMb: residentMb(pids),
    refusals,
  };
}

async function serverCounters({ databaseUrl, redisUrl }: Servers) {
  const status = await withConnection(databaseUrl, async (connection) => {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Threads_connected')",
    );
    return new Map(rows.map((row) => [row['Variable_name'], Number(row['Value'])]));
  });
  const stats = String(await askRedis(redisUrl, ['INFO', 'stats']));
  return {
    statements: status.get('Questions') ?? Number.NaN,
    // Without the connection of this query.
    connections: (status.get('Threads_connected') ?? Number.NaN) - 1,
    commands: Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]),
  };
}

async function orderRequests({ databaseUrl }: Servers) {
  return withConnection(databaseUrl, async (connection) => {
    const [[row]] = await connection.query<RowDataPacket[]>(
      "SELECT COUNT(*) AS requests, COALESCE(SUM(status = 'QUEUED'), 0) AS queued FROM order_requests",
    );
    const queued = Number(row?.['queued']);
    return { queued, settled: Number(row?.['requests']) - queued };
  });
}

const LONGEST_SETTLEMENT_MS = 60_000;
const POLL_MS = 50;

/** @throws Error requests are still queued after a minute */
async function untilSettled(servers: Servers): Promise<void> {
  for (const end = performance.now() + LONGEST_SETTLEMENT_MS; performance.now() < end; ) {
    if ((await orderRequests(servers)).queued === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`orders are still queued ${LONGEST_SETTLEMENT_MS} ms after the last request`);
}
