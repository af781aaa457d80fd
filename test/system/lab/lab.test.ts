import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { experiments } from '../../../src/experiments/experiments.js';
import { judge, type LabBrowser, LOOKS } from './lab-browser.js';
import { type LabInstance, labInstance } from './lab-instance.js';

/** Long, since runs have a low priority, and the machine may be busy. */
const RUN_TIMEOUT_MS = 60_000;
const SIGNED_OUT = { storageState: { cookies: [], origins: [] } };

describe('The lab in a browser', function () {
  this.timeout(120_000);
  let instance: LabInstance;
  let lab: LabBrowser;

  before(async () => {
    instance = await labInstance();
    lab = instance.lab;
  });

  afterEach(() => lab.closePages());

  const openExperiment = async (page: Page, id: string) => {
    await page.goto(new URL(`/lab#experiment=${id}`, instance.service.url).href);
    await page.locator(`article[data-experiment="${id}"]`).waitFor();
  };

  /** Runs the experiment and returns the headline of each variant. */
  async function run(page: Page, id: string): Promise<string[]> {
    await openExperiment(page, id);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.headline').first().waitFor({ timeout: RUN_TIMEOUT_MS });
    return page.locator('.headline').allTextContents();
  }

  /** The page of a run that another test, or nobody, has begun. */
  async function openRun(id: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await lab.page(await instance.recorded(id), options);
    await page.locator('.headline').first().waitFor();
    return page;
  }

  it('signs in by the link once, and later goes on with the session', async () => {
    const { cookies } = lab.session;
    expect(cookies).to.have.length(1);
    expect(cookies[0]).to.include({ httpOnly: true, sameSite: 'Strict', path: '/lab' });
    const second = await lab.page(instance.service.labLink ?? '', SIGNED_OUT);
    await second.getByText('The sign-in link did not work.').waitFor();
    // 403 for the link, 401 for the list.
    expect(lab.errors.splice(0)).to.have.length(2);
    const third = await lab.page(instance.service.labLink ?? '');
    await third.getByRole('heading', { name: 'No lock' }).waitFor();
    expect(lab.errors.splice(0)).to.have.length(1);
  });

  it('signs in by the token of an administrator, and by no other', async () => {
    const settings = readSettings({ DATA_DIR: instance.folder });
    const page = await lab.page('/lab', SIGNED_OUT);
    const token = page.getByLabel('Token');
    await token.fill(await signToken(settings, 'alice', 'customer'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Only an admin').waitFor();
    await token.fill(await signToken(settings, 'admin', 'admin'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'No lock' }).waitFor();
    // 401 for the list before the sign-in, 403 for the customer.
    expect(lab.errors.splice(0)).to.have.length(2);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
  });

  it('runs an experiment at the press of a button, and names the run in its address', async () => {
    const page = await lab.page('/lab');
    expect((await run(page, 'no-lock'))[0]).to.match(/^[12] updates? lost$/);
    expect(page.url()).to.match(/#run=[\w-]{16}$/);
  });

  for (const id of ['no-lock', 'transaction-before-lock', 'release-before-commit']) {
    it(`shows lost updates and why: ${id}`, async () => {
      const page = await openRun(id);
      expect(await page.locator('.headline').textContent()).to.match(/^[12] updates? lost$/);
      const why = await page.locator('.why li').first().textContent();
      expect(why).to.match(/^R\d read 100 before the commit of R\d \(110\) was visible to it/);
      const reader = why?.slice(0, 2);
      expect(await page.locator('.stepper output').textContent()).to.include(
        `${reader} · read 100`,
      );
    });
  }

  it('shows that the right order loses nothing', async () => {
    const page = await openRun('right-order');
    expect(await page.locator('.headline').allTextContents()).to.deep.equal(['No update lost']);
    expect(await page.locator('.outcome dd').allTextContents()).to.deep.equal(['130', '130', '0']);
    expect(await page.locator('.chart .span-held').count()).to.equal(3);
  });

  const others: readonly [id: string, headlines: readonly RegExp[]][] = [
    ['feature-named-keys', [/^1 update lost$/]],
    ['local-caches', [/stale answer/]],
    ['slow-loader', [/stale answer/, /^No stale answer$/]],
    ['stampede', [/^500 database queries$/, /^1 database query$/]],
    ['compensation', [/^300 points missing$/, /^300 points missing$/, /^No point is missing$/]],
  ];
  for (const [id, expected] of others) {
    it(`shows each variant of ${id}`, async () => {
      const page = await openRun(id);
      const headlines = await page.locator('.headline').allTextContents();
      expect(headlines).to.have.length(expected.length);
      for (const [i, pattern] of expected.entries()) expect(headlines[i]).to.match(pattern);
    });
  }

  it('names what an experiment needs that it cannot run', async () => {
    const page = await lab.page('/lab');
    for (const { id } of experiments.filter(({ runEmbedded }) => !runEmbedded)) {
      await openExperiment(page, id);
      await page.getByText(`npm run experiment -- ${id}`, { exact: true }).waitFor();
    }
  });

  it('goes through the steps by keyboard, and zooms', async () => {
    const page = await openRun('no-lock');
    await page.getByRole('button', { name: 'First step' }).click();
    await page.getByRole('slider', { name: 'Step through' }).press('ArrowRight');
    await page.getByText(/^Step 2 of \d+$/).waitFor();
    const before = Number(await page.locator('.chart').getAttribute('width'));
    await page.getByRole('button', { name: 'Zoom in' }).press('Enter');
    await page.locator(`.chart[width="${2 * before}"]`).waitFor();
  });

  it('runs a race that the reader made, and names the broken rule', async () => {
    const page = await lab.page('/lab');
    expect(await run(page, 'own-race')).to.deep.equal(['1 update lost']);
    await page.getByText('had its transaction open while it waited').first().waitFor();
    await judge(page, 'own-race');
    // Both begin their transaction after they hold the lock.
    for (const name of ['R1', 'R2']) {
      await page.getByRole('button', { name: `lock of ${name}: earlier` }).press('Enter');
    }
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .locator('.headline', { hasText: 'No update lost' })
      .waitFor({ timeout: RUN_TIMEOUT_MS });
  });

  it('shows two runs side by side on one time axis, also by their link', async () => {
    const wide = { viewport: { width: 1600, height: 900 } };
    const page = await openRun('no-lock', wide);
    await page.getByRole('button', { name: 'Compare with another run' }).click();
    await run(page, 'right-order');
    await page.getByRole('heading', { name: 'Kept to compare: No lock' }).waitFor();
    const axes = async (shown: Page) => {
      const charts = await shown.locator('.chart').all();
      return Promise.all(charts.map((chart) => chart.locator('.tick').allTextContents()));
    };
    const [first, second] = await axes(page);
    expect(first).to.deep.equal(second);
    await judge(page, 'compare');

    const again = await lab.page(page.url(), wide);
    await again.locator('.headline').nth(1).waitFor();
    expect(await again.locator('.headline').allTextContents()).to.deep.equal(
      await page.locator('.headline').allTextContents(),
    );
    await again.getByRole('button', { name: 'End comparison' }).click();
    await again
      .getByRole('heading', { name: 'Kept to compare: No lock' })
      .waitFor({ state: 'detached' });
  });

  it('saves a run as data and as a picture', async () => {
    const page = await openRun('no-lock');
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return readFileSync(await download.path(), 'utf8');
    };
    const { reports } = JSON.parse(await saved('Data (JSON)'));
    expect(reports[0].outcome).to.include({ kind: 'balance', expected: 130 });
    const picture = await saved('Picture (SVG)');
    expect(picture)
      .to.match(/^<svg [^>]*>/)
      .and.include('No lock')
      .and.include('R3');
    const shown = await page.context().newPage();
    await shown.setContent(picture);
    expect(await shown.locator('svg svg.chart').count()).to.equal(1);
  });

  it('has no serious fault of accessibility in any look', async () => {
    await Promise.all(
      LOOKS.map(async ([name, options]) => {
        const page = await openRun('no-lock', options);
        const language = options.locale ?? 'en';
        expect(await page.evaluate('document.documentElement.lang')).to.equal(language);
        await judge(page, name);
      }),
    );
  });

  it('names what the cluster panel needs that an instance by itself has not', async () => {
    const page = await lab.page('/lab');
    await page.getByRole('link', { name: 'Cluster' }).press('Enter');
    await page.getByText('This instance knows no other instance.').waitFor();
    await page.getByText('npm run cluster', { exact: true }).waitFor();
    await judge(page, 'cluster-unavailable');
  });

  it('has no serious fault of accessibility where an experiment cannot run, and at the sign-in', async () => {
    const page = await lab.page('/lab#experiment=bus-cut');
    await page.getByText('npm run experiment').first().waitFor();
    await judge(page, 'unavailable');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await judge(page, 'sign-in');
  });
});
