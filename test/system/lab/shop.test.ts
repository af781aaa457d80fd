import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { judge, type LabBrowser, LOOKS, PHONE } from './lab-browser.js';
import { type LabInstance, labInstance } from './lab-instance.js';

const SALE_TIMEOUT_MS = 60_000;

describe('The shop of the lab in a browser', function () {
  this.timeout(90_000);
  let instance: LabInstance;
  let lab: LabBrowser;

  before(async () => {
    instance = await labInstance();
    lab = instance.lab;
  });

  afterEach(() => lab.closePages());

  const tea = (page: Page) => page.locator('[data-sku="TEA-001"]');

  async function openShop(): Promise<Page> {
    const page = await lab.page('/lab');
    await page.getByRole('link', { name: 'Shop' }).click();
    await tea(page).waitFor();
    return page;
  }

  /** Starts a sale, in any language. */
  async function startSale(page: Page, buyers: string, units: string): Promise<void> {
    await page.locator('.sale input').first().fill(buyers);
    await page.locator('.sale input').nth(1).fill(units);
    await page.locator('.sale form button').click();
  }

  it('says why an item cannot be bought, charges the wallet, buys, and shows what is popular', async () => {
    const page = await openShop();
    await page.getByText('500 in stock').waitFor();
    await page.getByText('0 points', { exact: true }).waitFor();
    const buy = page.getByRole('button', { name: 'Buy Jeju green tea, 50 g' });
    await buy.press('Enter');
    await page.getByRole('alert').getByText('points').waitFor();
    // The unit of the order that could not be paid is back.
    await tea(page).getByText('500 in stock').waitFor();
    // The browser logs each answer that is no success.
    expect(lab.errors.splice(0)).to.have.length(1);

    await page.getByRole('button', { name: 'Charge 100,000 points' }).press('Enter');
    await page.getByText('100,000 points', { exact: true }).waitFor();
    await buy.press('Enter');
    await page.getByRole('status').getByText('Bought Jeju green tea, 50 g for 12,000').waitFor();
    await tea(page).getByText('499 in stock').waitFor();
    await page.getByText('88,000 points', { exact: true }).waitFor();
    await page.locator('[data-window="5m"]').getByText('1 sold').waitFor();
  });

  it('says in Korean too why an item cannot be bought', async () => {
    const page = await lab.page('/lab#/shop', { locale: 'ko' });
    await page.locator('[data-sku="POT-001"] button').press('Enter');
    await page
      .getByRole('alert')
      .getByText('포인트가 부족합니다. 먼저 지갑을 충전하세요.')
      .waitFor();
    expect(lab.errors.splice(0)).to.have.length(1);
  });

  it('sends 1,000 buyers to a flash sale, and proves that stock and wallets agree', async () => {
    const page = await openShop();
    await page.getByRole('button', { name: 'Start the flash sale' }).press('Enter');
    const figure = async (name: string) => {
      const text = await page.locator(`[data-figure="${name}"] dd`).textContent();
      return Number(text?.replaceAll(',', ''));
    };
    // While it continues.
    await page.locator('[data-figure="sold"] dd:not(:text-is("0"))').waitFor();
    await page
      .getByRole('status')
      .getByText('The flash sale has ended. 300 sold, none oversold')
      .waitFor({ timeout: SALE_TIMEOUT_MS });
    expect([await figure('sold'), await figure('refused')]).to.deep.equal([300, 700]);
    expect(await figure('rate')).to.be.greaterThan(0);
    expect(await page.locator('.proof .fails').count()).to.equal(0);
    const proof = await page.locator('.proof li.holds').allTextContents();
    expect(proof.map((fact) => fact.match(/\d[\d,]*/g))).to.deep.equal([
      ['300', '0', '300'],
      ['300', '700', '1,000'],
      ['1,000', '1,000'],
    ]);
    await page.locator('.sale canvas').waitFor();
    await page.getByText('Sold and refused over time as a table').click();
    const last = await page.locator('.sale tbody tr').last().locator('td').allTextContents();
    expect(last).to.deep.equal(['300', '700']);
    await judge(page, 'shop-light-en');
  });

  it('says beside the fields of a sale what a right value is', async () => {
    const page = await openShop();
    const problems = page.locator('.field-problem');
    for (const wrong of ['', '-5', '1', '1001', '2.5', '9'.repeat(10_000)]) {
      await startSale(page, wrong, '1');
      await page.getByText('A whole number from 2 to 1,000').waitFor();
    }
    await startSale(page, '20', '21');
    await problems.getByText('A whole number from 1 to 20').waitFor();
    expect(await problems.count()).to.equal(1);
    await judge(page, 'shop-wrong');
  });

  it('goes on with a sale, and with what is typed, when the reader opens another panel', async () => {
    const page = await openShop();
    await instance.whileRunsAreStopped(async () => {
      // The sale waits for it.
      void instance.run('right-order');
      await startSale(page, '60', '9');
      await page.getByText('Waiting for 1 other run').waitFor();
      await page.getByLabel('Buyers', { exact: true }).fill('77');
      await page.getByRole('link', { name: 'Cluster' }).click();
    });
    await page
      .getByRole('status')
      .getByText('The flash sale has ended. 9 sold, none oversold.')
      .waitFor({ timeout: SALE_TIMEOUT_MS });
    await page.getByRole('link', { name: 'Show the result' }).press('Enter');
    await page.getByText('51 refused, of 60').waitFor();
    expect(await page.getByLabel('Buyers', { exact: true }).inputValue()).to.equal('77');
    expect(await page.getByText('Show the result').count()).to.equal(0);
  });

  it('shows why an item was not bought although its button is far below', async () => {
    const viewport = { ...PHONE, height: PHONE.height / 2 };
    const page = await lab.page('/lab#/shop', { viewport });
    await page.locator('[data-sku="POT-001"] button').press('Enter');
    await page.getByRole('alert').waitFor();
    const top = await page.evaluate<number>(
      'document.querySelector("[role=alert]").getBoundingClientRect().top',
    );
    expect(top).to.be.within(0, viewport.height);
    expect(lab.errors.splice(0)).to.have.length(1);
  });

  it('has no serious fault of accessibility in any look', async () => {
    await Promise.all(
      LOOKS.map(async ([name, options]) => {
        const page = await lab.page('/lab#/shop', options);
        await tea(page).waitFor();
        await page.locator('[data-window="5m"] li').first().waitFor();
        await startSale(page, '20', '7');
        await page.locator('.sale .outcome.good').waitFor({ timeout: SALE_TIMEOUT_MS });
        await judge(page, `shop-${name}`);
      }),
    );
  });
});
