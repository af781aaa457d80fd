import { anywhere, type ExperimentOptions } from '../../experiment.js';
import { atOnce } from '../at-once.js';
import type { BalanceOutcome } from '../run-report.js';
import type { StepOrder } from './timeline-request.js';
import { WalletRun, type WalletRunSettings } from './wallet-run.js';
import { WorstCasePauses } from './worst-case-pauses.js';

/** Requests R1, R2, … charge one wallet at once, all in the same order of steps. */
export function chargesAtOnce(order: StepOrder) {
  return anywhere<BalanceOutcome>(async (backend, options = {}) => {
    const { requests = 3 } = options;
    await using run = await WalletRun.open(backend, withWorstPauses(requests, options));
    const names = Array.from({ length: requests }, (_, i) => `R${i + 1}`);
    await atOnce(names.map((name) => run.send(name, order)));
    return [await run.report(`${requests} charges at once`)];
  });
}

/** A run in which each request pauses where it does most harm. */
export function withWorstPauses(
  requests: number,
  { pauseLimitMs = 200, strategy, onStep }: ExperimentOptions,
): WalletRunSettings {
  return {
    connections: requests,
    pauses: new WorstCasePauses(requests, pauseLimitMs),
    ...(strategy && { strategy }),
    ...(onStep && { onStep }),
  };
}
