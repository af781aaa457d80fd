import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Service, startService } from '../../../src/config/service.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { experiments } from '../../../src/experiments/experiments.js';
import { findChromium } from '../../../tools/servers/find-chromium.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RUN_TIMEOUT_MS = 20_000;
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

interface AxeResults {
  readonly violations: readonly { id: string; impact: string; nodes: { html: string }[] }[];
}

describe('The lab in a browser', function () {
  this.timeout(120_000);
  const resources = new AsyncDisposableStack();
  let folder: string;
  let browser: Browser;
  let service: Service;
  let cookies: NonNullable<Exclude<BrowserContextOptions['storageState'], string>>;
  /** Address of a run that lost updates. */
  let recorded = '/lab';
  /** What a page logged as an error or refused to load. */
  const errors: string[] = [];

  before(async () => {
    folder = resources.use(new TemporaryFolder('lab-test')).path;
    service = await startService(settings());
    resources.defer(() => service.stop());
    browser = await chromium.launch({
      executablePath: await findChromium(),
      args: ['--no-sandbox'],
    });
    resources.defer(() => browser.close());
  });

  after(() => resources.disposeAsync());

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(errors.splice(0)).to.deep.equal([]);
  });

  const settings = () => readSettings({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' });

  async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en', ...DESKTOP, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(new URL(address, service.url).href);
    return page;
  }

  /** A page of somebody who has signed in. */
  const openSignedIn = (address: string, options: BrowserContextOptions = {}) =>
    open(address, { storageState: cookies, ...options });

  /** Runs the experiment with short pauses and returns the headline of each variant. */
  async function run(page: Page, id: string): Promise<string[]> {
    await page.goto(new URL(`/lab#experiment=${id}`, service.url).href);
    await page.locator(`article[data-experiment="${id}"]`).waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.headline').first().waitFor({ timeout: RUN_TIMEOUT_MS });
    return page.locator('.headline').allTextContents();
  }

  async function seriousFaults(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  /** Keeps a picture in the folder that LAB_SCREENSHOTS names. */
  async function shoot(page: Page, name: string): Promise<void> {
    const file = path.join(process.env['LAB_SCREENSHOTS'] ?? folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: true });
    expect(statSync(file).size).to.be.greaterThan(10_000);
  }

  it('signs in by the link once', async () => {
    const page = await open(service.labLink ?? '');
    await page.getByRole('heading', { name: 'No lock' }).waitFor();
    expect(page.url()).not.to.include('code');
    cookies = await page.context().storageState();
    expect(cookies.cookies).to.have.length(1);
    expect(cookies.cookies[0]).to.include({ httpOnly: true, sameSite: 'Strict', path: '/lab' });

    const second = await open(service.labLink ?? '');
    await second.getByText('The sign-in link did not work.').waitFor();
    expect(errors.splice(0)).to.have.length(1);
  });

  it('signs in by the token of an administrator, and by no other', async () => {
    const page = await open('/lab');
    const token = page.getByLabel('Token');
    await token.fill(await signToken(settings(), 'alice', 'customer'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Only an admin').waitFor();
    await token.fill(await signToken(settings(), 'admin', 'admin'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'No lock' }).waitFor();
    // 401 for the list before the sign-in, 403 for the customer.
    expect(errors.splice(0)).to.have.length(2);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
  });

  for (const id of ['no-lock', 'transaction-before-lock', 'release-before-commit']) {
    it(`shows lost updates and why: ${id}`, async () => {
      const page = await openSignedIn('/lab');
      expect((await run(page, id))[0]).to.match(/^[12] updates? lost$/);
      const why = await page.locator('.why li').first().textContent();
      expect(why).to.match(/^R\d read 100 before the commit of R\d \(110\) was visible to it/);
      recorded = page.url();
      const reader = why?.slice(0, 2);
      expect(await page.locator('.stepper output').textContent()).to.include(
        `${reader} · read 100`,
      );
    });
  }

  it('shows a lost update of keys that are named after the feature', async () => {
    const page = await openSignedIn('/lab');
    expect(await run(page, 'feature-named-keys')).to.deep.equal(['1 update lost']);
  });

  it('shows that the right order loses nothing', async () => {
    const page = await openSignedIn('/lab');
    expect(await run(page, 'right-order')).to.deep.equal(['No update lost']);
    expect(await page.locator('.outcome dd').allTextContents()).to.deep.equal(['130', '130', '0']);
    const lanes = await page.locator('.chart .span-held').count();
    expect(lanes).to.equal(3);
  });

  const others: readonly [id: string, headlines: readonly RegExp[]][] = [
    ['local-caches', [/stale answer/]],
    ['slow-loader', [/stale answer/, /^No stale answer$/]],
    ['stampede', [/^500 database queries$/, /^1 database query$/]],
    ['compensation', [/^300 points missing$/, /^300 points missing$/, /^No point is missing$/]],
  ];
  for (const [id, expected] of others) {
    it(`shows each variant of ${id}`, async () => {
      const page = await openSignedIn('/lab');
      const headlines = await run(page, id);
      expect(headlines).to.have.length(expected.length);
      for (const [i, pattern] of expected.entries()) expect(headlines[i]).to.match(pattern);
    });
  }

  it('names what an experiment needs that it cannot run', async () => {
    const page = await openSignedIn('/lab');
    for (const { id } of experiments.filter(({ runEmbedded }) => !runEmbedded)) {
      await page.goto(new URL(`/lab#experiment=${id}`, service.url).href);
      await page.getByText(`npm run experiment -- ${id}`, { exact: true }).waitFor();
    }
  });

  it('goes through the steps by keyboard, zooms, and shows a run again by its link', async () => {
    const page = await openSignedIn('/lab');
    await run(page, 'no-lock');
    await page.getByRole('button', { name: 'First step' }).click();
    await page.getByRole('slider', { name: 'Step through' }).press('ArrowRight');
    await page.getByText(/^Step 2 of \d+$/).waitFor();
    const before = Number(await page.locator('.chart').getAttribute('width'));
    await page.getByRole('button', { name: 'Zoom in' }).press('Enter');
    await page.locator(`.chart[width="${2 * before}"]`).waitFor();
    const again = await openSignedIn(page.url());
    const [headline] = await page.locator('.headline').allTextContents();
    await again
      .getByText(headline ?? 'none')
      .first()
      .waitFor();
  });

  it('runs a race that the reader made, and names the broken rule', async () => {
    const page = await openSignedIn('/lab');
    expect(await run(page, 'own-race')).to.deep.equal(['1 update lost']);
    await page.getByText('had its transaction open while it waited').first().waitFor();
    expect(await seriousFaults(page)).to.deep.equal([]);
    await shoot(page, 'own-race');
    // Both begin their transaction after they hold the lock.
    for (const name of ['R1', 'R2']) {
      await page.getByRole('button', { name: `lock of ${name}: earlier` }).press('Enter');
    }
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('No update lost').waitFor({ timeout: RUN_TIMEOUT_MS });
  });

  it('shows two runs side by side on one time axis, also by their link', async () => {
    const wide = { viewport: { width: 1600, height: 900 } };
    const page = await openSignedIn('/lab', wide);
    await run(page, 'no-lock');
    await page.getByRole('button', { name: 'Compare with another run' }).click();
    await run(page, 'right-order');
    await page.getByRole('heading', { name: 'Kept to compare: No lock' }).waitFor();
    const axes = async (shown: Page) => {
      const charts = await shown.locator('.chart').all();
      return Promise.all(charts.map((chart) => chart.locator('.tick').allTextContents()));
    };
    const [first, second] = await axes(page);
    expect(first).to.deep.equal(second);
    await shoot(page, 'compare');

    const again = await openSignedIn(page.url(), wide);
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
    const page = await openSignedIn('/lab');
    await run(page, 'no-lock');
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
    const shown = await (await browser.newContext()).newPage();
    await shown.setContent(picture);
    expect(await shown.locator('svg svg.chart').count()).to.equal(1);
  });

  const looks: readonly [name: string, options: BrowserContextOptions][] = [
    ['light-en', { colorScheme: 'light' }],
    ['dark-ko', { colorScheme: 'dark', locale: 'ko' }],
    ['phone-en', { ...PHONE, colorScheme: 'dark' }],
    ['phone-ko', { ...PHONE, colorScheme: 'light', locale: 'ko' }],
  ];
  for (const [name, options] of looks) {
    it(`has no serious fault of accessibility: ${name}`, async () => {
      const page = await openSignedIn(recorded, options);
      await page.locator('.headline').first().waitFor();
      expect(await seriousFaults(page)).to.deep.equal([]);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, 'pixels beyond the width of the window').to.equal(0);
      expect(await page.evaluate('document.documentElement.lang')).to.equal(options.locale ?? 'en');
      await shoot(page, name);
    });
  }

  it('names what the cluster panel needs that an instance by itself has not', async () => {
    const page = await openSignedIn('/lab');
    await page.getByRole('link', { name: 'Cluster' }).press('Enter');
    await page.getByText('This instance knows no other instance.').waitFor();
    await page.getByText('npm run cluster', { exact: true }).waitFor();
    expect(await seriousFaults(page)).to.deep.equal([]);
  });

  it('has no serious fault of accessibility where an experiment cannot run, and at the sign-in', async () => {
    const page = await openSignedIn('/lab#experiment=bus-cut');
    await page.getByText('npm run experiment').first().waitFor();
    expect(await seriousFaults(page)).to.deep.equal([]);
    await shoot(page, 'unavailable');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    expect(await seriousFaults(page)).to.deep.equal([]);
  });
});
