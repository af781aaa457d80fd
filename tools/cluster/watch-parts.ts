import { setTimeout as sleep } from 'node:timers/promises';
import type { AppInstance } from './app-instance.js';
import type { LocalCluster } from './local-cluster.js';
import { whenAborted } from './stop-signal.js';

const RESTART_AFTER_MS = 1_000;

/** Prints a line for each part that ends before the cluster is stopped, and restarts instances. */
export function watchParts(
  { instances, database, redis, kafka, proxy, replicated }: LocalCluster,
  stopping: AbortSignal,
): void {
  for (const instance of instances) void keepRunning(instance, stopping);
  const servers = replicated?.parts ?? {
    'the database': database,
    Redis: redis,
    Kafka: kafka,
    nginx: proxy,
  };
  for (const [name, server] of Object.entries(servers)) {
    const ended = server?.ended;
    ended?.addEventListener('abort', () => {
      if (!stopping.aborted)
        say(`${name} has ended (${reasonOf(ended)}); the other parts continue`);
    });
  }
}

/** As `restart: unless-stopped` does in docker/compose.yml. */
async function keepRunning(instance: AppInstance, stopping: AbortSignal): Promise<void> {
  while (instance.ended) {
    const { ended } = instance;
    await whenAborted(ended);
    if (stopping.aborted) return;
    say(`${instance.name} has ended (${reasonOf(ended)}); restarting it`);
    await sleep(RESTART_AFTER_MS);
    if (stopping.aborted) return;
    const failure = await instance.start().catch((error: Error) => error);
    if (stopping.aborted) return;
    say(failure ? failure.message : `${instance.name} runs again`);
    // An instance that runs without an answer would never end by itself.
    if (failure) await instance.stop('abruptly');
  }
}

function reasonOf({ reason }: AbortSignal): string {
  return (reason as Error).message;
}

function say(line: string): void {
  console.error(`cluster: ${line}`);
}
