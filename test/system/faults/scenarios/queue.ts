import { figure } from '../../../../bench/table.js';
import { distinctLetters, judgeQueue } from '../queue/judge-queue.js';
import { type QueueTrial, runQueueTrial } from '../queue/queue-trial.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';

const ORDERS = Number(process.env['QUEUE_ORDERS'] ?? 5_000);

export async function queueReport(
  options: FaultOptions & { readonly orders: number },
): Promise<FaultReport> {
  const trial = await runQueueTrial(options);
  return {
    done: trial.done,
    verdicts: [...judgeQueue(trial), ...trial.verdicts],
    figures: [figuresOf(trial)],
  };
}

export const queue: FaultScenario = {
  name: 'queue',
  title: `${ORDERS} orders through Kafka; an instance killed and replaced, then Kafka down`,
  seconds: 10,
  run: (options) => queueReport({ ...options, orders: ORDERS }),
};

function figuresOf(trial: QueueTrial) {
  const requests = trial.rows.flatMap((row) => row.requests);
  const count = (status: string) => requests.filter((each) => each.status === status).length;
  const { acceptedWhileAway, acceptedMs, settledAfterMs, letters } = trial;
  const copies = letters.length - distinctLetters(letters).length;
  const rows = [
    ['accepted', requests.length],
    ['accepted while Kafka was down', acceptedWhileAway],
    ['accepted a second, with all that happened', (1_000 * requests.length) / acceptedMs],
    ['confirmed', count('CONFIRMED')],
    ['rejected', count('REJECTED')],
    ['dead letters', distinctLetters(letters).length],
    ['copies of one, whose offset did not move before a death', copies],
    ['ms from the last acceptance until the last was seen settled', settledAfterMs],
  ] as const;
  return {
    title: `${trial.rows.length} products`,
    columns: ['orders', ''],
    rows: rows.map(([what, value]) => [what, figure(value)]),
  };
}
