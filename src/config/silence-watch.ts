import type { Resources } from './resources.js';

/** How often a connection is tried, and how long it may take to answer, in milliseconds. */
const EVERY_MS = 1_000;

interface WatchedClient {
  readonly isReady: boolean;
  ping(): Promise<unknown>;
  destroy(): void;
  connect(): Promise<unknown>;
}

/**
 * Opens a connection anew when it falls silent while its socket stays open, as when the network
 * drops packets: nothing else would say so for a quarter of an hour.
 */
export function watchSilence(client: WatchedClient, resources: Resources): void {
  let asking = false;
  const ask = async () => {
    if (asking || !client.isReady) return;
    asking = true;
    const answered = await answers(client);
    asking = false;
    if (answered || stopped || !client.isReady) return;
    client.destroy();
    // Goes on trying by itself; it ends only when it is destroyed again.
    client.connect().catch(() => {});
  };
  let stopped = false;
  const timer = setInterval(() => void ask(), EVERY_MS);
  timer.unref();
  resources.defer(async () => {
    stopped = true;
    clearInterval(timer);
  });
}

/** An error is an answer as well. */
function answers(client: WatchedClient): Promise<boolean> {
  return new Promise((resolve) => {
    const giveUp = () => resolve(false);
    // An answer that came while the process was stopped is read before the check phase.
    const timer = setTimeout(() => setImmediate(giveUp), EVERY_MS);
    const heard = () => {
      clearTimeout(timer);
      resolve(true);
    };
    client.ping().then(heard, heard);
  });
}
