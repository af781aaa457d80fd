import { setTimeout as delay } from 'node:timers/promises';
import { RedisLock } from '../../../../src/adapters/lock/layers/3-redis-lock.js';
import { LeaseLostError, LockBusyError } from '../../../../src/adapters/lock/lock.js';
import { connect, connectPair } from './redis-clients.js';

/** What a worker reports to its parent before it exits. */
export interface WorkerReport {
  readonly served: number;
  readonly busy: number;
  readonly lost: number;
  /** Writes that the counter refused, although the lease was held at the check before. */
  readonly fenced: number;
  readonly others: readonly string[];
}

/*
 * A process may be stopped between the check of its lease and its write. No lock can prevent that
 * write, so the counter refuses it: each reader excludes earlier holders by its token.
 */
const READ = `
if tonumber(ARGV[1]) > tonumber(redis.call('GET', 'fence') or 0) then
  redis.call('SET', 'fence', ARGV[1])
end
return redis.call('GET', 'counter') or '0'`;
const WRITE = `
if redis.call('GET', 'fence') ~= ARGV[1] then return 0 end
redis.call('SET', 'counter', ARGV[2])
redis.call('INCR', 'written')
return redis.call('INCR', ARGV[3])`;

/** Adds to a counter by read, pause and write, under the lock, until the parent stops it. */
async function work(url: string, wrapper: string, waiters: number): Promise<void> {
  const pair = await connectPair(url);
  const store = await connect(url);
  const lock = new RedisLock(pair, { turns: wrapper === 'cohort' ? 8 : 1 });
  const report = { served: 0, busy: 0, lost: 0, fenced: 0, others: [] as string[] };
  let stopped = false;
  process.once('message', () => {
    stopped = true;
  });

  async function section(): Promise<void> {
    await using lease = await lock.acquire(['counter'], { leaseMs: 400, waitMs: 30_000 });
    const token = String(lease.token);
    const read = Number(await store.eval(READ, { arguments: [token] }));
    await delay(Math.random() * 2);
    lease.assertHeld();
    const args = [token, String(read + 1), `served:${wrapper}`];
    if (await store.eval(WRITE, { arguments: args })) report.served += 1;
    else report.fenced += 1;
  }

  async function line(): Promise<void> {
    while (!stopped) {
      try {
        await section();
      } catch (error) {
        if (error instanceof LockBusyError) report.busy += 1;
        else if (error instanceof LeaseLostError) report.lost += 1;
        else report.others.push(String(error));
        // Redis may be down. A service would answer 503 and not try again at once.
        await delay(20);
      }
    }
  }

  process.send?.('ready');
  await Promise.all(Array.from({ length: waiters }, line));
  await lock.close();
  process.send?.(report satisfies WorkerReport, () => {
    pair.destroy();
    store.destroy();
    process.disconnect();
  });
}

const [, , url = '', wrapper = '', waiters = '1'] = process.argv;
await work(url, wrapper, Number(waiters));
