import type { Servers } from './experiment.js';
import { experiments } from './experiments.js';
import { render } from './render.js';

/** `DATABASE_URL=… REDIS_URL=… KAFKA_BROKERS=… npm run experiment [-- id…]`; all of them without an id. */
const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, KAFKA_BROKERS: kafkaBrokers } = process.env;
const asked = process.argv.slice(2);
const known = experiments.map(({ id }) => id);
const unknown = asked.filter((id) => !known.includes(id));

if (unknown.length > 0) fail(`${unknown.join(', ')}: there are ${known.join(', ')}`);
else if (!databaseUrl || !redisUrl) fail('set DATABASE_URL=mysql://… and REDIS_URL=redis://…');
else
  await run({ databaseUrl, redisUrl, kafkaBrokers }).catch((error: Error) => fail(error.message));

async function run(servers: Servers): Promise<void> {
  for (const { id, title, question, needs, run } of experiments) {
    if (asked.length > 0 && !asked.includes(id)) continue;
    if (asked.length === 0 && needs && !process.env[needs]) {
      print(`${id}: left out, since ${needs} is not set`);
      continue;
    }
    print(`${id}: ${title}\n${question}\n`);
    for (const report of await run(servers)) print(`${render(report)}\n`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
