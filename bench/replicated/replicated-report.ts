import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { median, percentile } from '../statistics.js';
import { figure, markdownTable, type Table } from '../table.js';
import type { ReplicatedSample } from './bench-replicated.js';

const TITLE = 'Orders on one MariaDB and on Galera';

/** Medians over the rounds. */
export function replicatedTable(samples: readonly ReplicatedSample[]): Table {
  const databases = [...new Set(samples.map(({ database }) => database))];
  const atOnce = [...new Set(samples.map((sample) => sample.atOnce))];
  const rows = atOnce.flatMap((count) =>
    databases.map((database) => {
      const own = samples.filter((each) => each.database === database && each.atOnce === count);
      const time = (share: number) =>
        figure(median(own.map(({ times }) => percentile(times, share))));
      const rate = figure(median(own.map(({ ordersPerSecond }) => ordersPerSecond)));
      return [`${count}`, database, time(0.5), time(0.99), rate];
    }),
  );
  return { title: TITLE, columns: ['at once', 'database', 'p50 ms', 'p99 ms', 'orders/s'], rows };
}

/** Writes `replicated.md`. */
export function writeReplicated(
  samples: readonly ReplicatedSample[],
  command: string,
  folder: string,
): void {
  const date = new Date().toISOString().slice(0, 10);
  const text = `# ${TITLE}

One instance on each database gets the same orders of 20 products, in turn. All servers share one machine, so the three
members compete for the same cores, and their network is the loopback address. Times are the medians of the rounds.
\`${command}\` wrote this page on ${date}.

${markdownTable(replicatedTable(samples))}
`;
  writeFileSync(path.join(folder, 'replicated.md'), text);
}
