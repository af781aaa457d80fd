import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import type { ExperimentOptions } from '../../../src/experiments/experiment.js';
import {
  cacheExperiments,
  lockExperiments,
  paymentExperiments,
} from '../../../src/experiments/experiments.js';
import { findLostUpdates } from '../../../src/experiments/lab/lost-updates.js';
import type {
  BalanceOutcome,
  FreshnessOutcome,
  RunReport,
} from '../../../src/experiments/support/run-report.js';
import type { TimelineEvent } from '../../../src/experiments/support/timeline.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

describe('The experiments in one process without servers', () => {
  let folder: TemporaryFolder;

  before(() => {
    folder = new TemporaryFolder('embedded-experiments');
  });

  after(() => folder.close());

  async function run(id: string, options?: ExperimentOptions): Promise<RunReport<BalanceOutcome>> {
    const experiment = lockExperiments.find((one) => one.id === id);
    const [report] = (await experiment?.runEmbedded?.({ folder: folder.path }, options)) ?? [];
    if (!report) throw new Error(`${id} does not run in one process`);
    return report;
  }

  /** Tries again when the machine was so slow that the entry expired. */
  async function runCaches(
    id: string,
    isShown: (naive: FreshnessOutcome) => boolean = () => true,
  ): Promise<FreshnessOutcome[]> {
    const experiment = cacheExperiments.find((one) => one.id === id);
    let outcomes: FreshnessOutcome[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const reports = (await experiment?.runEmbedded?.({ folder: folder.path })) ?? [];
      outcomes = reports.map(({ outcome }) => outcome);
      if (outcomes[0] && isShown(outcomes[0])) break;
    }
    return outcomes;
  }

  for (const id of ['no-lock', 'transaction-before-lock', 'release-before-commit']) {
    it(`lose charges, and each is explained: ${id}`, async () => {
      const { outcome, timeline } = await run(id, { pauseLimitMs: 1_000 });
      expect(outcome).to.include({ expected: 130, refused: 0 });
      expect(outcome.lostUpdates).to.be.greaterThan(0);
      expect(findLostUpdates(timeline)).to.have.length(outcome.lostUpdates);
    });
  }

  it('lose a charge or a payment when keys are named after the feature', async () => {
    const { outcome } = await run('feature-named-keys', { pauseLimitMs: 1_000 });
    expect(outcome).to.include({ expected: 100, lostUpdates: 1, refused: 0 });
  });

  it('lose nothing in the right order', async () => {
    const { outcome, timeline } = await run('right-order', { requests: 4, pauseLimitMs: 50 });
    expect(outcome).to.deep.equal({ expected: 140, actual: 140, lostUpdates: 0, refused: 0 });
    const reads = timeline.filter(({ step }) => step === 'read').map(({ detail }) => detail);
    expect(reads).to.deep.equal([100, 110, 120, 130]);
  });

  it('answer with a replaced price from local caches', async () => {
    const [naive] = await runCaches('local-caches', ({ stale }) => stale > 0);
    expect(naive?.stale).to.be.greaterThan(0);
  });

  it('store what a slow loader read before a write, unless the fill is conditional', async () => {
    const [naive, product] = await runCaches(
      'slow-loader',
      ({ oldestMs, boundMs }) => oldestMs > boundMs,
    );
    expect(naive?.oldestMs).to.be.greaterThan(naive?.boundMs ?? 0);
    expect(product?.stale).to.equal(0);
  });

  it('lose the money of a customer, unless the payment is a stored saga', async () => {
    const [experiment] = paymentExperiments;
    const reports = (await experiment?.runEmbedded?.({ folder: folder.path })) ?? [];
    const missing = reports.map(({ outcome }) => outcome.missing);
    expect(missing).to.deep.equal([300, 300, 0]);
  });

  it('ask the database once for an expired answer, or once for each reader', async () => {
    const [naive, product] = await runCaches('stampede');
    expect(naive?.databaseQueries).to.equal(500);
    expect(product?.databaseQueries).to.equal(1);
  });

  it('report each step during a run', async () => {
    const live: TimelineEvent[] = [];
    const { timeline } = await run('no-lock', { onStep: (step) => live.push(step) });
    const named = ({ request, step, detail }: TimelineEvent) => `${request} ${step} ${detail}`;
    expect(live.map(named)).to.have.members(timeline.map(named));
  });

  it('leave nothing in the folder', async () => {
    await run('no-lock');
    expect(existsSync(folder.path)).to.equal(true);
    expect(readdirSync(folder.path)).to.deep.equal([]);
  });
});
