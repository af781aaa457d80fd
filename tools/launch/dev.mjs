/**
 * `npm run dev`: the service, started again after each change of its source. Plain JavaScript, since
 * it runs before anything is built.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const HELP = `npm run dev

Runs the service as npm start does, and starts it again after each change in src/.

Options
  -h, --help  shows this, and does nothing else

Examples
  npm run dev
  PORT=3005 npm run dev`;

const COMMAND = ['--watch-path=src', 'tools/launch/run.mjs', '--service', 'dist/src/main.js'];

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) console.log(HELP);
  else run();
} catch (error) {
  console.error(`npm run dev: ${error.message.split('. ', 1)[0]}; --help lists the options`);
  process.exitCode = 2;
}

function run() {
  const child = spawn(process.execPath, COMMAND, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.once('close', (code) => {
    process.exitCode = code ?? 1;
  });
}
