/**
 * `node tools/launch/run.mjs [--service] [--despite-errors] [--with-kafka] [dist/…/program.js [arguments]]`
 *
 * Installs and builds what is missing or out of date, then runs the program on Node 24. With
 * `--service` that is only what the service itself needs, else everything. Plain JavaScript for
 * Node 20 without a dependency, since it is what a fresh clone runs first.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { LaunchError, orOneLine, say } from './failure.mjs';
import { fetchKafkaAhead } from './install/kafka-ahead.mjs';
import { launch } from './launch.mjs';
import { prepare } from './prepare.mjs';
import { projectRoot } from './project-root.mjs';

const words = process.argv.slice(2);
const scope = takeFlag('--service') ? 'service' : 'all';
const despiteErrors = takeFlag('--despite-errors');
const withKafka = takeFlag('--with-kafka');
const [entry, ...args] = words;

await orOneLine(async () => {
  const ahead = withKafka && fetchKafkaAhead(args);
  const failure = await prepare(scope).catch((error) => error);
  await ahead;
  if (failure && !despiteErrors) throw failure;
  if (failure) say(failure.message);
  if (entry && !existsSync(path.join(projectRoot, entry))) {
    throw new LaunchError(`${entry} is not part of this build`);
  }
  const code = entry ? await launch(entry, args) : 0;
  process.exitCode = failure ? code || 1 : code;
});

function takeFlag(flag) {
  return words[0] === flag && Boolean(words.shift());
}
