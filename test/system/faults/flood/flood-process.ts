/** A process that floods an instance, so that the clients that are measured have a process of their own. */
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { FloodConnection, type FloodOutcome } from './flood-connection.js';

export interface FloodOrder {
  readonly url: string;
  /** Sent in turn; `{address}` stands for a new address each time. */
  readonly requests: readonly string[];
  /** Requests a second at fixed times, however long the answers take. */
  readonly rate: number;
  readonly connections: number;
  readonly maxOpenPerConnection: number;
  readonly ms: number;
}

const TICK_MS = 5;

async function flood(order: FloodOrder): Promise<FloodOutcome> {
  const outcome: FloodOutcome = {
    ...{ sent: 0, heldBack: 0, withoutRetryAfter: 0, lost: 0 },
    statuses: {},
  };
  const connections = Array.from(
    { length: order.connections },
    () => new FloodConnection(order.url, order.maxOpenPerConnection, outcome),
  );
  const begun = performance.now();
  let due = 0;
  for (let now = begun; now - begun < order.ms; now = performance.now()) {
    const dueNow = Math.floor(((now - begun) / 1_000) * order.rate);
    for (; due < dueNow; due += 1) {
      const request = requestOf(order, due);
      // Two tries: another connection may have room.
      const first = connections[due % connections.length];
      const second = connections[(due * 7 + 1) % connections.length];
      if (!first?.send(request) && !second?.send(request)) outcome.heldBack += 1;
    }
    await sleep(TICK_MS);
  }
  // The last answers.
  await sleep(500);
  for (const connection of connections) connection.close();
  return outcome;
}

function requestOf({ requests }: FloodOrder, number: number): string {
  const request = requests[number % requests.length] ?? '';
  return request.replace(
    '{address}',
    `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
  );
}

// Attackers have machines of their own: here they take only the processors that the service leaves.
setPriority(10);

process.once('message', async (order: FloodOrder) => {
  process.send?.(await flood(order));
  process.disconnect();
});
