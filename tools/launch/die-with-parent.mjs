/**
 * Preloaded into what the launcher starts: when the launcher is gone, however it ended, the
 * program is asked to stop, so that it never keeps a port that nobody can find the owner of.
 */
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 200);
watch.unref();
