import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Service, startService } from '../../../src/config/service.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { findChromium } from '../../../tools/servers/find-chromium.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { TEST_LOG_LEVEL } from '../../support/log-level.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };

/** The looks in which a page is judged, besides the usual one: English, light, on a desktop. */
export const LOOKS: readonly [name: string, options: BrowserContextOptions][] = [
  ['dark-en', { colorScheme: 'dark' }],
  ['phone-ko', { viewport: PHONE, colorScheme: 'light', locale: 'ko' }],
];

type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>;

interface AxeResults {
  readonly violations: readonly { id: string; impact: string; nodes: { html: string }[] }[];
}

/** A service on SQLite, and a real browser in which somebody has signed in to its lab. */
export class LabBrowser implements AsyncDisposable {
  /** What a page logged as an error or refused to load. */
  readonly errors: string[] = [];
  #session: StorageState = { cookies: [], origins: [] };

  private constructor(
    readonly folder: string,
    readonly service: Service,
    private readonly browser: Browser,
    private readonly resources: AsyncDisposableStack,
  ) {}

  /** The cookies of the sign-in by the link. */
  get session(): StorageState {
    return this.#session;
  }

  /** `prepare` fills the data folder before the service starts. */
  static async open(
    env: Readonly<Record<string, string>> = {},
    prepare: (folder: string) => void = () => {},
  ): Promise<LabBrowser> {
    await using opened = new AsyncDisposableStack();
    const folder = opened.use(new TemporaryFolder('lab-browser')).path;
    prepare(folder);
    const common = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: TEST_LOG_LEVEL };
    const service = await startService(readSettings({ ...common, ...env }));
    opened.defer(() => service.stop());
    const executablePath = await findChromium();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    opened.defer(() => browser.close());
    const lab = new LabBrowser(folder, service, browser, opened.move());
    await lab.#signIn();
    return lab;
  }

  async page(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      locale: 'en',
      viewport: DESKTOP,
      storageState: this.#session,
      ...options,
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    await page.goto(new URL(address, this.service.url).href);
    return page;
  }

  /** Closes all pages, and expects that none logged an error. */
  async closePages(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
    expect(this.errors.splice(0)).to.deep.equal([]);
  }

  /**
   * Expects no serious fault of accessibility, and no content beyond the width, also on a phone. Keeps a
   * picture in the folder that LAB_SCREENSHOTS names.
   */
  async judge(page: Page, name: string): Promise<void> {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(serious).to.deep.equal([]);
    await expectNoOverflow(page);
    const file = path.join(process.env['LAB_SCREENSHOTS'] ?? this.folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: true });
    expect(statSync(file).size).to.be.greaterThan(10_000);
    const size = page.viewportSize() ?? DESKTOP;
    await page.setViewportSize(PHONE);
    await expectNoOverflow(page);
    await page.setViewportSize(size);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }

  async #signIn(): Promise<void> {
    const page = await this.page(this.service.labLink ?? '');
    await page.getByRole('link', { name: 'Experiments' }).waitFor();
    expect(page.url()).not.to.include('code');
    this.#session = await page.context().storageState();
    await this.closePages();
  }
}

async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow, 'pixels beyond the width of the window').to.equal(0);
}
