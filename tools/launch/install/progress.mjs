import { say } from '../failure.mjs';

const TICK_MS = 1_000;

/** Runs `work`, and says what goes on: on a terminal with the seconds so far, else once. */
export async function during(what, work) {
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1_000);
  say(what);
  const timer = setInterval(() => {
    if (process.stderr.isTTY) process.stderr.write(`\rlockstep: … ${seconds()} s `);
  }, TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // Over the running count.
    if (process.stderr.isTTY) process.stderr.write('\r');
    say(`${what}: ${seconds()} s`);
  }
}
