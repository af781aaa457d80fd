import { onStopSignal } from '../../src/commands/on-stop-signal.js';
import { ClusterError } from './cluster-options.js';

/** Aborts at Ctrl-C, hang-up or SIGTERM. After a further signal the watchdog ends what is left. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  onStopSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], () => stopping.abort());
  return stopping.signal;
}

export function whenAborted(signal: AbortSignal): Promise<void> {
  // A listener alone does not keep the process alive.
  const alive = setInterval(() => {}, 60_000);
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** @throws ClusterError `signal` aborted before `start` resolved */
export async function unlessStopped<T>(start: Promise<T>, signal: AbortSignal): Promise<T> {
  // Without this the wait for the signal would keep the process alive.
  const started = new AbortController();
  const stop = whenAborted(AbortSignal.any([signal, started.signal])).then(() => {
    throw new ClusterError('stopped before it was ready');
  });
  try {
    return await Promise.race([start, stop]);
  } finally {
    started.abort();
  }
}
