import type { RowDataPacket } from 'mysql2/promise';
import { withConnection } from '../../tools/servers/mysql/mysql-connection.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { percentile } from '../statistics.js';
import { measureBatchFloor } from './batch-floor.js';
import type { Contestant, Running, Servers } from './contestant.js';
import { drive } from './drive.js';
import { ONE_200, type Plan, type Scenario } from './plan.js';
import { processCpuMs, residentMb } from './process-cpu.js';
import type { Sample } from './sample.js';

/**
 * Plays each scenario with each contestant, one after the other, on databases of their own; every
 * other round in the opposite sequence, so that a noisy moment hits neighbours alike.
 */
export async function runService(
  makeServers: () => Promise<Servers>,
  contestants: readonly Contestant[],
  plan: Plan,
  progress: (line: string) => void,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const scenario of plan.scenarios) {
    progress(scenario.id);
    for (let round = 0; round < plan.rounds; round += 1) {
      const { among } = scenario;
      const invited = contestants.filter(({ id }) => !among || among.includes(id));
      const sequence = round % 2 === 0 ? invited : invited.reverse();
      for (const contestant of sequence) {
        const servers = await makeServers();
        const { products, instances = 1 } = scenario;
        await using running = await contestant.start(servers, products, instances);
        samples.push(await play(contestant.id, scenario, plan, running, servers));
      }
      if (scenario === ONE_200) {
        samples.push(await measureBatchFloor(await makeServers(), scenario, plan));
      }
    }
  }
  return samples;
}

async function play(
  contestant: string,
  { id, what, products, atOnce }: Scenario,
  { ms, warmUpMs }: Plan,
  running: Running,
  servers: Servers,
): Promise<Sample> {
  const pids = running.processes.flatMap(({ pid }) => pid ?? []);
  const cpu = () => pids.reduce((sum, pid) => sum + processCpuMs(pid), 0);
  let next = 0;
  let before = { cpu: 0, statements: 0, commands: 0 };
  const counters = async () => ({ cpu: cpu(), ...(await countersOf(servers)) });
  const driven = await drive({
    urls: running.urls,
    atOnce,
    ms,
    warmUpMs,
    onBegin: async () => {
      before = await counters();
    },
    request() {
      next = (next + 1) % products;
      return running[what](next);
    },
  });
  const after = await counters();
  const { answers, seconds, times, refusals } = driven;
  return {
    contestant,
    scenario: id,
    perSecond: answers / seconds,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    maxMs: times.reduce((most, each) => Math.max(most, each), 0),
    cpuMs: (after.cpu - before.cpu) / answers,
    statements: (after.statements - before.statements) / answers,
    commands: (after.commands - before.commands) / answers,
    residentMb: residentMb(pids),
    refusals,
  };
}

async function countersOf({ databaseUrl, redisUrl }: Servers) {
  const [rows] = await withConnection(databaseUrl, (connection) =>
    connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Questions'"),
  );
  const stats = String(await askRedis(redisUrl, ['INFO', 'stats']));
  return {
    statements: Number(rows[0]?.['Value']),
    commands: Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]),
  };
}
