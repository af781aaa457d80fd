import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { OWN_RACE } from '../../../src/adapters/http/lab/lab-schemas.js';
import { startService } from '../../../src/config/service.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { experiments } from '../../../src/experiments/experiments.js';
import { serversWithKafka } from '../../support/backends.js';
import { judge, LabBrowser, takePicture } from './lab-browser.js';

/** Long, since runs have a low priority, and the machine may be busy. */
const RUN_TIMEOUT_MS = 120_000;

/** On a slow machine a naive variant may be lucky, so its run is repeated. */
const RUNS = 4;

/**
 * What the page shows of each variant of the experiments that an instance by itself cannot run; for the
 * others see `lab.test.ts`.
 */
const OUTCOMES: Readonly<Record<string, readonly ('good' | 'bad')[]>> = {
  'paused-holder': ['bad', 'good', 'good'],
  'ways-of-waiting': ['good', 'good', 'good'],
  'lock-manager-down': ['good', 'bad', 'good'],
  'local-caches-with-bus': ['good', 'good'],
  'bus-cut': ['bad', 'good'],
  'killed-writer': ['bad', 'good'],
  'lock-against-queue': ['good', 'good'],
  [OWN_RACE]: ['bad'],
};

describe('The experiments on servers in a browser', function () {
  this.timeout(RUNS * RUN_TIMEOUT_MS);
  const resources = new AsyncDisposableStack();
  let lab: LabBrowser;

  before(async () => {
    const { env } = resources.use(await serversWithKafka.open());
    const service = await startService(readSettings(env));
    resources.defer(() => service.stop());
    lab = resources.use(await LabBrowser.signIn(service.labLink ?? ''));
  });

  after(() => resources.disposeAsync());

  afterEach(() => lab.closePages());

  const shown = (page: Page) =>
    page
      .locator('.outcome')
      .evaluateAll((all) =>
        all.map(({ classList }) => (classList.contains('good') ? 'good' : 'bad')),
      );

  async function run(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Run', exact: true }).press('Enter');
    await page.getByText('Running…').first().waitFor();
    const end = page.locator('.headline, [role=alert]').first();
    await end.waitFor({ timeout: RUN_TIMEOUT_MS });
    expect(await page.getByRole('alert').allTextContents()).to.deep.equal([]);
  }

  it('are all here that need servers', () => {
    const needing = experiments.filter(({ runEmbedded }) => !runEmbedded).map(({ id }) => id);
    expect(Object.keys(OUTCOMES).toSorted()).to.deep.equal([...needing, OWN_RACE].toSorted());
  });

  for (const [id, outcomes] of Object.entries(OUTCOMES)) {
    it(`run, and show the outcome of each variant: ${id}`, async () => {
      const page = await lab.page(`/lab#experiment=${id}`);
      await page.locator(`article[data-experiment="${id}"]`).waitFor();
      await run(page);
      for (let again = 1; again < RUNS; again += 1) {
        if (`${await shown(page)}` === `${outcomes}`) break;
        await run(page);
      }
      expect(await shown(page)).to.deep.equal(outcomes);
      await takePicture(page, `servers-${id}`);
      if (id === 'lock-manager-down') await expectRefusals(page.url());
    });
  }

  /** By the link of the run: who was refused and what was lost while Redis was killed. */
  async function expectRefusals(link: string): Promise<void> {
    const page = await lab.page(link);
    const refusing = page.getByRole('region', { name: 'refuses without the lock' });
    await refusing.getByText('No update lost').waitFor();
    expect(await refusing.locator('.why li').first().textContent()).to.match(/^R\d was refused: /);
    const ours = page.getByRole('region', { name: 'row locks and versions (the service)' });
    expect(await ours.locator('.outcome dd').allTextContents()).to.deep.equal(['150', '150', '0']);
    await judge(page, 'lock-manager-down');
  }
});
