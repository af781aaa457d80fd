import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { eventually } from '../../../tools/servers/eventually.js';
import { judge, type LabBrowser, LOOKS } from './lab-browser.js';
import { type LabInstance, labInstance } from './lab-instance.js';

const WAITS_RUN = 'ways-of-waiting0';

/** Counts the pixels of the first chart that have the colour of a series now. Runs in the page. */
const PIXELS = `(series) => {
  const canvas = document.querySelector('figure canvas');
  if (!canvas) return 0;
  const probe = document.createElement('i');
  probe.className = 'series-' + series;
  canvas.closest('figure').append(probe);
  const rgb = getComputedStyle(probe).fill.match(/\\d+/g).map(Number);
  probe.remove();
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (rgb.every((part, channel) => data[i + channel] === part)) found += 1;
  }
  return found;
}`;

/** As the experiment records it on servers, which this test does not have. */
function waitsRun() {
  const report = (variant: string, slowestMs: number, redisCommands: number) => ({
    variant,
    timeline: [],
    hiddenSteps: 0,
    outcome: {
      ...{ kind: 'balance', expected: 400, actual: 400, lostUpdates: 0, refused: 0 },
      waits: {
        ...{ served: 30, waitP50Ms: slowestMs / 2, waitP99Ms: slowestMs, fairness: 1 },
        ...{ redisCommands, perSecond: 50 },
        waitsMs: Array.from({ length: 101 }, (_, percent) => (slowestMs * percent) / 100),
      },
    },
    lostUpdates: [],
  });
  return {
    id: WAITS_RUN,
    experiment: 'ways-of-waiting',
    startedAt: '2026-01-01T00:00:00.000Z',
    place: 'servers',
    settings: {},
    reports: [report('simple', 2, 60), report('spin', 120, 900), report('pubsub', 30, 90)],
  };
}

describe('The charts of the lab in a browser', function () {
  this.timeout(120_000);
  let instance: LabInstance;
  let lab: LabBrowser;

  before(async () => {
    instance = await labInstance();
    lab = instance.lab;
    const runs = path.join(instance.folder, 'lab-runs');
    mkdirSync(runs, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(runs, `${WAITS_RUN}.json`), JSON.stringify(waitsRun()));
  });

  afterEach(() => lab.closePages());

  /** The page of a run, with its charts. */
  async function openRun(id: string): Promise<Page> {
    const page = await lab.page(await instance.recorded(id));
    await page.locator('figure canvas').first().waitFor();
    return page;
  }

  /** Waits until the first chart has more than `count` pixels in the colour of the series. */
  const waitForPixels = (page: Page, series: number, count = 20) =>
    // The policy of the page lets nothing in it evaluate text, so the waiting is done here.
    eventually(async () => {
      expect(await page.evaluate(`(${PIXELS})(${series})`)).to.be.greaterThan(count);
    });

  it('draw the age of each answer of a cache experiment, and say the same in a table', async () => {
    const page = await openRun('slow-loader');
    expect(await page.locator('figure h4').allTextContents()).to.deep.equal(['Age of the answers']);
    for (const series of [1, 2]) await waitForPixels(page, series);
    await page.getByText('Age of the answers as a table').press('Enter');
    const head = await page.locator('figure thead th').allTextContents();
    expect(head).to.have.length(4);
    const ages = (await page.locator('figure tbody td').allTextContents()).map(Number);
    expect(Math.max(...ages)).to.be.greaterThan(0);
  });

  it('draw how often the database was asked', async () => {
    const page = await openRun('stampede');
    expect(await page.locator('figure h4').allTextContents()).to.deep.equal(['Database queries']);
    await page.getByText('Database queries as a table').click();
    expect(await page.locator('figure tbody td').allTextContents()).to.deep.equal(['500', '1']);
    await waitForPixels(page, 1, 1_000);
  });

  it('draw waits, throughput and commands without a serious fault of accessibility in any look', async () => {
    await Promise.all(
      [['light-en', {}] as const, ...LOOKS].map(async ([name, options]) => {
        const page = await lab.page(`/lab#run=${WAITS_RUN}`, options);
        await page.locator('figure canvas').nth(2).waitFor();
        expect(await page.locator('figure').count()).to.equal(3);
        for (const series of [1, 2, 3]) await waitForPixels(page, series);
        await judge(page, `charts-${name}`);
      }),
    );
  });

  it('follow a change of the colours', async () => {
    const page = await lab.page(`/lab#run=${WAITS_RUN}`);
    await page.locator('figure canvas').first().waitFor();
    await page.getByLabel('Colours').selectOption('dark');
    for (const series of [1, 2, 3]) await waitForPixels(page, series);
  });
});
