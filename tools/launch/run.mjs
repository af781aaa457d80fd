/**
 * `node tools/launch/run.mjs [--despite-errors] [--with-kafka] [dist/…/program.js [arguments]]`
 *
 * Installs and builds what is out of date, then runs the program on Node 24. Plain JavaScript
 * for Node 20 without a dependency, since it is what a fresh clone runs first.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { LaunchError, orOneLine, say } from './failure.mjs';
import { fetchKafkaAhead } from './kafka-ahead.mjs';
import { launch } from './launch.mjs';
import { prepare } from './prepare.mjs';
import { projectRoot } from './project-root.mjs';

const words = process.argv.slice(2);
const despiteErrors = words[0] === '--despite-errors' && Boolean(words.shift());
const withKafka = words[0] === '--with-kafka' && Boolean(words.shift());
const [entry, ...args] = words;

await orOneLine(async () => {
  const ahead = withKafka && fetchKafkaAhead(args);
  const failure = await prepare().catch((error) => error);
  await ahead;
  if (failure && !despiteErrors) throw failure;
  if (failure) say(failure.message);
  if (entry && !existsSync(path.join(projectRoot, entry))) {
    throw new LaunchError(`${entry} is not part of this build`);
  }
  const code = entry ? await launch(entry, args) : 0;
  process.exitCode = failure ? code || 1 : code;
});
