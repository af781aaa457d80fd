/**
 * `node tools/launch/run.mjs [--service] [--despite-errors] [--with-kafka] [dist/…/program.js [arguments]]`
 *
 * Installs and builds what is missing or out of date, then runs the program on Node 24. With `--service`
 * only what the service needs is installed and built. Plain JavaScript for Node 20 without dependencies,
 * since a fresh clone runs it first.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, isBuilt } from './build.mjs';
import { LaunchError, orOneLine, projectRoot, say } from './console.mjs';
import { exclusively } from './exclusive.mjs';
import { fetchKafkaAhead, hasNode24, install, installNode24, isInstalled } from './install.mjs';
import { launch } from './launch.mjs';

const words = process.argv.slice(2);
const scope = takeFlag('--service') ? 'service' : 'all';
const despiteErrors = takeFlag('--despite-errors');
const withKafka = takeFlag('--with-kafka');
const [entry, ...args] = words;

await orOneLine(async () => {
  const ahead = withKafka && fetchKafkaAhead(args);
  const failure = await prepare().catch((error) => error);
  await ahead;
  if (failure && !despiteErrors) throw failure;
  if (entry && !existsSync(path.join(projectRoot, entry))) {
    throw failure ?? new LaunchError(`${entry} is not part of this build`);
  }
  try {
    const code = entry ? await launch(entry, args) : 0;
    process.exitCode = failure ? code || 1 : code;
  } finally {
    // Last, so that it is seen below what the program says.
    if (failure) say(failure.message);
  }
});

function takeFlag(flag) {
  return words[0] === flag && Boolean(words.shift());
}

/**
 * Installs and builds what is missing or out of date, and writes nothing if everything is up to date.
 */
async function prepare() {
  if (isInstalled(scope) && hasNode24() && isBuilt(scope)) return;
  await exclusively(path.join(projectRoot, 'dist.lock'), async () => {
    // Another command may have done this in the meantime.
    await Promise.all([isInstalled(scope) || install(scope), hasNode24() || installNode24()]);
    if (!isBuilt(scope)) await build(scope);
  });
}
