import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { eventually } from '../../../tools/servers/eventually.js';
import { findQuietPort } from '../../../tools/servers/free-port.js';
import { ApiClient } from '../../support/api-client.js';
import { type Env, serversWithKafka } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { judge, LabBrowser, PHONE, takePicture } from './lab-browser.js';

const BOUND_MS = 1_000;
/** Longer than any command of the page takes on a busy machine. */
const WAIT_TIMEOUT_MS = 20_000;
const NAMES = ['instance-1', 'instance-2'] as const;

describe('The cluster panel in a browser', function () {
  this.timeout(120_000);
  const resources = new AsyncDisposableStack();
  let env: Env;
  let urls: string[];
  let instances: InstanceProcess[];
  let lab: LabBrowser;

  before(async () => {
    env = resources.use(await serversWithKafka.open()).env;
    const ports = [await findQuietPort(), await findQuietPort()];
    urls = ports.map((port) => `http://127.0.0.1:${port}`);
    const shared = {
      ...env,
      LAB_INSTANCES: urls.join(','),
      LAB_SIGN_IN_CODE: randomBytes(16).toString('base64url'),
      CACHE_MAX_STALENESS_MS: String(BOUND_MS),
      CACHE_STALENESS_SAMPLE: '1',
      // A new cache stores nothing for the life of a write intent; the test waits.
      CACHE_HOLD_OFF_MS: '3000',
      DB_QUERY_MS: '1000',
      LOCK_LEASE_MS: '2000',
      QUEUE_MEASURE_MS: '200',
      // A stopped instance keeps its partitions for longer than the test takes.
      KAFKA_SESSION_MS: '60000',
    };
    instances = [];
    for (const [index, port] of ports.entries()) {
      const own = { ...shared, PORT: String(port), INSTANCE_ID: NAMES[index] ?? '' };
      instances.push(resources.use(await InstanceProcess.start(own)));
    }
    lab = resources.use(await LabBrowser.signIn(`${urls[0]}/lab#code=${shared.LAB_SIGN_IN_CODE}`));
  });

  after(() => resources.disposeAsync());

  afterEach(() => lab.closePages());

  /** The panel as the first instance serves it, once both instances answer from their memory. */
  async function openPanel(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await lab.page('/lab#/cluster', options);
    for (const name of NAMES) {
      await card(page, name).locator('[data-fact=level]', { hasText: 'L1' }).waitFor();
    }
    return page;
  }

  const card = (page: Page, name: string): Locator => page.getByRole('region', { name });

  async function changePrice(page: Page, instance: string, price: number | string): Promise<void> {
    await page.getByLabel(`New price through ${instance}`).fill(String(price));
    await page.getByRole('button', { name: `Change through ${instance}` }).press('Enter');
  }

  /** Waits for the sentence that both instances show the price. */
  const bothShow = (page: Page, price: string) =>
    page
      .getByRole('status')
      .filter({ hasText: `All 2 instances that answer show ${price}, ` })
      .waitFor({ timeout: WAIT_TIMEOUT_MS });

  /** No answer was older than the bound, counted from the change to the begin of the read. */
  async function expectWithinBound(page: Page): Promise<void> {
    for (const name of NAMES) {
      const text = await card(page, name).locator('[data-fact=worst] dd').textContent();
      expect(Number(/^(\d+) ms; bound/.exec(text ?? '')?.[1]), name).to.be.at.most(BOUND_MS);
    }
  }

  /** How many invalidations arrived, as the card of the instance shows it. */
  async function invalidations(page: Page, instance: string) {
    const text = await card(page, instance).locator('[data-figure=invalidations] dd').textContent();
    const found = /^(\d+) by message, (\d+) by comparison$/.exec(text ?? '');
    return { byMessage: Number(found?.[1]), byComparison: Number(found?.[2]) };
  }

  it('refuses a wrong price, and shows one that was changed through either instance by both, within the bound', async () => {
    const page = await openPanel();
    for (const wrong of ['', '-1', '0.5', '9'.repeat(10_000)]) {
      await changePrice(page, 'instance-1', wrong);
      await card(page, 'instance-1').getByText('A whole number from 0 to ').waitFor();
    }
    for (const [name, price, shown] of [
      ['instance-1', 12_345, '12,345 points'],
      ['instance-2', 23_456, '23,456 points'],
    ] as const) {
      await changePrice(page, name, price);
      await bothShow(page, shown);
      for (const each of NAMES) {
        expect(await card(page, each).locator('.price').textContent()).to.equal(shown);
      }
    }
    await expectWithinBound(page);
    const client = new ApiClient(urls[1] ?? '');
    const { body } = await client.get('/v1/products?category=lab');
    expect(body.items.map(({ price }: { price: number }) => price)).to.deep.equal([23_456]);
  });

  it('stays under the bound while the bus of an instance is cut, which a second press ends', async () => {
    const page = await openPanel();
    const bus = page.getByRole('switch', { name: 'Cut the bus of instance-2' });
    await bus.press('Space');
    await page.getByText('The bus of instance-2 is cut.').waitFor();
    expect(await bus.getAttribute('aria-checked')).to.equal('true');
    const before = await invalidations(page, 'instance-2');
    for (const price of [31_001, 31_002, 31_003]) {
      await changePrice(page, 'instance-1', price);
      const shown = `${price.toLocaleString('en')} points`;
      await bothShow(page, shown);
    }
    // Without messages a comparison with Redis is the only way to learn of a change.
    await eventually(async () => {
      const { byMessage, byComparison } = await invalidations(page, 'instance-2');
      expect(byComparison).to.be.greaterThan(before.byComparison);
      expect(byMessage).to.equal(before.byMessage);
    });
    await expectWithinBound(page);
    await takePicture(page, 'cluster-bus-cut');

    await bus.press('Space');
    await page.getByText('The bus of instance-2 is back.').waitFor({ timeout: WAIT_TIMEOUT_MS });
    await changePrice(page, 'instance-1', 31_004);
    await bothShow(page, '31,004 points');
    await eventually(async () => {
      const { byMessage } = await invalidations(page, 'instance-2');
      expect(byMessage).to.be.greaterThan(before.byMessage);
    });
  });

  it('pauses an instance past its lease, which then shows nothing old', async () => {
    const page = await openPanel();
    await page.getByRole('button', { name: 'Pause for 3 s: instance-2' }).press('Enter');
    await page.getByText('instance-2 does not answer.').waitFor({ timeout: WAIT_TIMEOUT_MS });
    await changePrice(page, 'instance-1', 40_000);
    await page.getByText('instance-2 answers again.').waitFor({ timeout: WAIT_TIMEOUT_MS });
    await card(page, 'instance-2').getByText('40,000 points').waitFor();
    await expectWithinBound(page);
  });

  it('shows what the staleness monitor, the lock and the queue report', async () => {
    const page = await openPanel();
    await changePrice(page, 'instance-1', 50_000);
    const figure = (name: string, text: RegExp) =>
      card(page, 'instance-1').locator(`[data-figure=${name}] dd`, { hasText: text }).waitFor();
    await figure('monitor', /^\d+ samples, 0 stale, none over \d+ ms$/);
    await figure('lock', /^[1-9]\d*, mean \d+\.\d ms; leases lost: 0$/);
    await figure('queue', /^0 in the outbox/);
  });

  it('shows order requests that wait in Kafka for an instance that is stopped', async () => {
    const admin = await ApiClient.of(urls[0] ?? '', env, 'admin', 'admin');
    const customer = await ApiClient.of(urls[0] ?? '', env, 'alice');
    // The requests of a product are in one partition, and each instance has half of the partitions.
    const products = await Promise.all(Array.from({ length: 12 }, () => addProduct(admin)));
    const page = await openPanel();
    const inKafka = (count: RegExp) =>
      card(page, 'instance-1').locator('[data-figure=queue] dd', { hasText: count }).waitFor();
    await inKafka(/, 0 in Kafka$/);
    instances[1]?.signal('SIGSTOP');
    try {
      for (const product of products) {
        const order = orderOf(product);
        const answer = await customer.post('/v1/orders', order, { Prefer: 'respond-async' });
        expect(answer.status).to.equal(202);
      }
      await inKafka(/, [1-9]\d* in Kafka$/);
      await takePicture(page, 'cluster-queue');
    } finally {
      instances[1]?.signal('SIGCONT');
    }
    await inKafka(/^0 in the outbox, 0 in Kafka$/);
  });

  it('sends no command of somebody who is not an administrator', async () => {
    const customer = await ApiClient.of(urls[0] ?? '', env, 'alice');
    const anybody = new ApiClient(urls[0] ?? '');
    for (const path of [
      'instances/2/price',
      'instances/2/bus-cut',
      'instances/2/pause',
      'self/bus-cut',
      'self/pause',
    ]) {
      expect((await customer.post(`/lab/cluster/${path}`, {})).status, path).to.equal(403);
      expect((await anybody.post(`/lab/cluster/${path}`, {})).status, path).to.equal(401);
    }
    for (const path of ['', '/events', '/self']) {
      expect((await customer.get(`/lab/cluster${path}`)).status, path).to.equal(403);
      expect((await anybody.get(`/lab/cluster${path}`)).status, path).to.equal(401);
    }
  });

  it('has no serious fault of accessibility in any look', async () => {
    const looks: readonly [name: string, options: BrowserContextOptions][] = [
      ['cluster-light-en', { colorScheme: 'light' }],
      ['cluster-dark-ko', { colorScheme: 'dark', locale: 'ko' }],
      [
        'cluster-phone-en',
        { viewport: PHONE, colorScheme: 'dark', locale: 'en', reducedMotion: 'reduce' },
      ],
      ['cluster-phone-ko', { viewport: PHONE, colorScheme: 'light', locale: 'ko' }],
    ];
    await Promise.all(looks.map(async ([name, options]) => judge(await openPanel(options), name)));
  });
});
