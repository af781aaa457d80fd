/**
 * Preloaded into the launched program: after the end of the launcher the program gets SIGTERM, so that
 * it does not keep running without an owner.
 */
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 200);
watch.unref();
