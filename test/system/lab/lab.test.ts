import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startService } from '../../../src/config/service.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { experiments } from '../../../src/experiments/experiments.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { TEST_LOG_LEVEL } from '../../support/log-level.js';
import { judge, type LabBrowser, LOOKS } from './lab-browser.js';
import { type LabInstance, labInstance } from './lab-instance.js';

/** Long, since runs have a low priority, and the machine may be busy. */
const RUN_TIMEOUT_MS = 60_000;
/** On a slow machine an entry expires before it is stale, so the run is repeated. */
const RUNS = 3;

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

  /** The element that has the focus is one of these. */
  const expectFocus = (page: Page, selector: string) =>
    page.locator(`${selector}:focus`).waitFor({ timeout: 5_000 });

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
    for (const wrong of ['', 'x', '토큰', 'x'.repeat(10_000)]) {
      await token.fill(wrong);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('A token has three parts').waitFor();
    }
    // As a terminal prints a long line.
    const right = await signToken(settings, 'admin', 'admin');
    await token.fill(`Bearer ${right.slice(0, 60)} \n${right.slice(60)}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'No lock' }).waitFor();
    await expectFocus(page, 'main');
    // 401 for the list before the sign-in, 403 for the customer.
    expect(lab.errors.splice(0)).to.have.length(2);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await expectFocus(page, 'main');
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

  type Variant = readonly [headline: RegExp, why: RegExp];
  const others: readonly [id: string, first: Variant, ...others: Variant[]][] = [
    ['feature-named-keys', [/^1 update lost$/, /so the update of (charge|pay) is lost/]],
    ['local-caches', [/^\d+ stale answers?$/, /^B answered 100, .* nothing removed the old value/]],
    [
      'slow-loader',
      [/^\d+ stale answers?$/, /^B answered 100, .* stored it after the eviction/],
      [/^No stale answer$/, /^B had loaded the old value. Its fill was refused/],
    ],
    [
      'stampede',
      [/^500 database queries$/, /^Each of the 500 readers/],
      [/^1 database query$/, /^One reader asked .* The other 499 waited/],
    ],
    [
      'compensation',
      [/^300 points missing$/, /charged 300 points .* Nothing gave the money back/],
      [/^300 points missing$/, /Nothing gave the money back/],
      [/^No point is missing$/, /After the restart it voided the charge/],
    ],
  ];
  for (const [id, first, ...more] of others) {
    const variants = [first, ...more] as const;
    it(`shows each variant of ${id}, and why`, async () => {
      const page = await openRun(id);
      const isShown = async () =>
        variants[0][0].test((await page.locator('.headline').first().textContent()) ?? '');
      for (let again = 1; again < RUNS && !(await isShown()); again += 1) await run(page, id);
      const reports = await page.locator('.report:has(.headline)').all();
      expect(reports).to.have.length(variants.length);
      for (const [i, [headline, why]] of variants.entries()) {
        expect(await reports[i]?.locator('.headline').textContent()).to.match(headline);
        expect(await reports[i]?.locator('.why li').first().textContent()).to.match(why);
      }
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

  it('runs each race to begin with, and names what is wrong with it', async () => {
    const page = await lab.page('/lab#experiment=own-race');
    const presets = page.getByLabel('Begin with');
    const wrong: readonly [preset: string, headline: string, rule: RegExp][] = [
      ['Release before the commit', '1 update lost', /^R1 released its lock \d+ ms before/],
      ['One key a feature', '1 update lost', /different keys \(charge:alice, pay:alice\)/],
      ['One key for all users', 'No update lost', /^The key wallets does not name the wallet/],
      ['No lock', '1 update lost', /so the update of R\d is lost/],
      ['The right order', 'No update lost', /^Each request read what the one before it/],
    ];
    for (const [preset, headline, rule] of wrong) {
      await presets.selectOption({ label: preset });
      const before = page.url();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.waitForURL((url) => url.href !== before, { timeout: RUN_TIMEOUT_MS });
      expect(await page.locator('.headline').textContent(), preset).to.equal(headline);
      await page.locator('.why li', { hasText: rule }).first().waitFor();
    }
    const add = page.getByRole('button', { name: 'Add a request' });
    await add.click();
    expect(await presets.locator('option:checked').textContent()).to.equal('Your own order');
    for (const name of ['R4', 'R5', 'no more']) {
      await add.press('Enter');
      if (name !== 'no more') await page.getByRole('group', { name }).waitFor();
    }
    expect(await page.locator('.racer').count()).to.equal(5);
    await page.getByRole('button', { name: 'Remove R5' }).press('Enter');
    await page.getByRole('group', { name: 'R5' }).waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Add a request');
  });

  it('draws a run while it goes on, and keeps the focus of the keyboard', async () => {
    const page = await lab.page('/lab#experiment=no-lock');
    // On a quick machine the run takes less time than two looks at the page from here.
    await page.evaluate(`
      globalThis.hasDrawn = false;
      new MutationObserver(() => {
        globalThis.hasDrawn ||= document.querySelector('.live .mark-read') !== null;
      }).observe(document.body, { childList: true, subtree: true });
    `);
    await page.getByLabel('Requests at once').fill('8');
    await page.keyboard.press('Enter');
    await page.locator('.headline').waitFor({ timeout: RUN_TIMEOUT_MS });
    expect(await page.evaluate('globalThis.hasDrawn')).to.equal(true);
    const button = page.getByRole('button', { name: 'Run', exact: true });
    await button.press('Enter');
    await page.getByText('Running…').first().waitFor();
    await page.locator('.headline').waitFor({ timeout: RUN_TIMEOUT_MS });
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Run');
  });

  it('leads the keyboard past the list', async () => {
    const page = await lab.page('/lab');
    const skip = page.getByRole('button', { name: 'Skip to the content' });
    await skip.waitFor({ state: 'attached' });
    await page.getByLabel('Requests at once').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expectFocus(page, 'main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest("label")?.innerText')).to.equal(
      'Requests at once',
    );
  });

  it('goes on with a run when the reader opens a panel, a second page or the same page again', async () => {
    const page = await lab.page('/lab#experiment=no-lock');
    const second = await lab.page('/lab#experiment=right-order');
    let address = '';
    await instance.whileRunsAreStopped(async () => {
      await page.getByLabel('Requests at once').fill('4');
      await page.keyboard.press('Enter');
      await page.waitForURL(/#run=/);
      address = page.url();
      await page.reload();
      await second.goto(address);
      for (const shown of [page, second]) {
        await shown.getByText('Running…').first().waitFor();
        expect(await shown.getByLabel('Requests at once').inputValue()).to.equal('4');
      }
      await page.getByRole('link', { name: 'Shop' }).click();
      await page.getByRole('heading', { name: 'Wallet' }).waitFor();
      await second.getByRole('button', { name: 'The right order' }).click();
      await second.goBack();
      await second.getByText('Running…').first().waitFor();
      await second.getByRole('button', { name: 'The right order' }).click();
    });
    for (const shown of [page, second]) {
      const ended = shown
        .getByRole('status')
        .filter({ hasText: 'The run of “No lock” has ended.' });
      await ended.filter({ hasText: / updates? lost\./ }).waitFor({ timeout: RUN_TIMEOUT_MS });
    }
    expect([page.url(), second.url()].map((url) => new URL(url).hash)).to.deep.equal([
      '#/shop',
      '#experiment=right-order',
    ]);
    await page.getByRole('link', { name: 'Show the result' }).press('Enter');
    await second.getByRole('button', { name: 'No lock', exact: true }).click();
    for (const shown of [page, second]) {
      await shown.locator('.headline').waitFor();
      // The page names the run in its address after it has shown it.
      await shown.waitForURL(address);
      await shown.getByText('has ended.').waitFor({ state: 'detached' });
    }
    await expectFocus(page, 'main');
    expect(await page.title()).to.equal('No lock · Lockstep lab');
  });

  it('says why the run of a link is not shown', async () => {
    const damaged = 'damaged-record-1';
    const runs = path.join(instance.folder, 'lab-runs');
    mkdirSync(runs, { recursive: true });
    writeFileSync(path.join(runs, `${damaged}.json`), '{"id":');
    const [, known] = (await instance.recorded('right-order')).split('#run=');
    const cases: readonly [hash: string, problem: string][] = [
      ['run=../../jwt-secret', 'This run does not exist here.'],
      [`run=${'x'.repeat(10_000)}`, 'This run does not exist here.'],
      [`run=${known}&with=aaaaaaaaaaaaaaaa`, 'This run does not exist here.'],
      [`run=${damaged}`, 'The run of this address cannot be read.'],
    ];
    const page = await lab.page('/lab');
    for (const [hash, problem] of cases) {
      await page.goto(new URL('/lab#experiment=no-lock', instance.service.url).href);
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await page.goto(new URL(`/lab#${hash}`, instance.service.url).href);
      await page.getByRole('alert').getByText(problem).waitFor();
    }
    const errors = lab.errors.splice(0);
    // On a slow machine the page may ask for a run twice.
    expect(errors).to.have.length.at.least(cases.length);
    for (const error of errors) expect(error).to.match(/with a status of (404|500)/);
  });

  it('says beside each field of a race what a right value is, and keeps what was typed', async () => {
    const page = await lab.page('/lab#experiment=own-race');
    const key = page.getByLabel('Key of R1');
    const delay = page.getByLabel('Pause before read of R2, ms');
    const runButton = page.getByRole('button', { name: 'Run', exact: true });
    const problems = page.locator('.field-problem');
    for (const wrong of ['', '-1', '1001', '2.5']) {
      await delay.fill(wrong);
      await runButton.click();
      await page.getByText('A whole number from 0 to 1,000').waitFor();
    }
    await key.fill('x'.repeat(10_000));
    await runButton.click();
    await expectFocus(page, '[aria-invalid="true"]');
    expect(await problems.allTextContents()).to.deep.equal([
      '1 to 40 letters (A to Z, a to z), digits, or the signs : _ -',
      'A whole number from 0 to 1,000',
    ]);
    expect(await page.getByText('Running…').count()).to.equal(0);
    await judge(page, 'own-race-wrong');
    await page.getByLabel('Language').selectOption('ko');
    await problems.getByText('0부터 1,000까지의 정수').waitFor();
    await page.getByLabel('언어').selectOption('en');

    await delay.fill('7');
    await key.fill('my:key');
    await problems.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Cluster' }).click();
    await page.getByRole('heading', { name: 'Cluster' }).waitFor();
    await page.getByRole('link', { name: 'Experiments' }).click();
    expect([await key.inputValue(), await delay.inputValue()]).to.deep.equal(['my:key', '7']);
  });

  it('shows the run again after another panel, and the experiment before at a step back', async () => {
    const page = await openRun('no-lock');
    const address = page.url();
    await page.getByRole('link', { name: 'Cluster' }).click();
    await page.getByRole('heading', { name: 'Cluster' }).waitFor();
    await page.getByRole('link', { name: 'Experiments' }).click();
    await page.locator('.headline').waitFor();
    await page.waitForURL(address);
    await page.getByRole('button', { name: 'The right order' }).click();
    await page.getByRole('heading', { name: 'The right order' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'No lock' }).waitFor();
    await page.locator('.headline').waitFor();
  });

  it('asks to sign in again when the session has ended, and then goes on', async () => {
    const page = await lab.page('/lab#experiment=right-order');
    await page.getByRole('heading', { name: 'The right order' }).waitFor();
    await page.getByLabel('Requests at once').fill('5');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('The session has ended. Sign in again.').waitFor();
    await expectFocus(page, 'main');
    expect(lab.errors.splice(0)).to.have.length(1);
    const token = await signToken(readSettings({ DATA_DIR: instance.folder }), 'admin', 'admin');
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The right order' }).waitFor();
    expect(await page.getByLabel('Requests at once').inputValue()).to.equal('5');
    expect(await page.getByRole('alert').count()).to.equal(0);
  });

  it('says that the instance has stopped during a run, and runs again after its restart', async () => {
    await using folder = new TemporaryFolder('lab-restart');
    const start = (port: string) =>
      startService(readSettings({ DATA_DIR: folder.path, PORT: port, LOG_LEVEL: TEST_LOG_LEVEL }));
    const first = await start('0');
    const page = await lab.page(`${first.labLink}`, SIGNED_OUT);
    await page.getByRole('button', { name: 'Slow loader against an invalidation' }).click();
    const button = page.getByRole('button', { name: 'Run', exact: true });
    await button.click();
    await page.locator('.live .mark').first().waitFor({ timeout: RUN_TIMEOUT_MS });
    // Its run takes longer than the instance waits.
    await first.stop();
    await page
      .getByRole('alert')
      .getByText('The instance did not answer, or has stopped.')
      .waitFor();
    lab.errors.splice(0);
    const second = await start(new URL(first.url).port);
    try {
      await button.click();
      await page.locator('.headline').first().waitFor({ timeout: RUN_TIMEOUT_MS });
    } finally {
      await page.close();
      await second.stop();
    }
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
    await expectFocus(again, 'main');
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
