import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../tools/servers/find-chromium.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const PHONE = { width: 390, height: 844 };
/** A desktop at a zoom of 400 %, as WCAG 1.4.10 asks for. */
const ZOOMED = { width: 320, height: 225 };
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

/** A real browser in which somebody has signed in to the lab of an instance. */
export class LabBrowser implements AsyncDisposable {
  /** What a page logged as an error or refused to load. */
  readonly errors: string[] = [];
  #session: StorageState = { cookies: [], origins: [] };

  private constructor(
    private readonly url: string,
    private readonly browser: Browser,
  ) {}

  /** The cookies of the sign-in. */
  get session(): StorageState {
    return this.#session;
  }

  /** Starts the browser and signs in by the link of the instance. */
  static async signIn(link: string): Promise<LabBrowser> {
    const executablePath = await findChromium();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const lab = new LabBrowser(link, browser);
    try {
      const page = await lab.page(link);
      await page.getByRole('link', { name: 'Experiments' }).waitFor();
      expect(page.url()).not.to.include('code');
      lab.#session = await page.context().storageState();
      await lab.closePages();
      return lab;
    } catch (error) {
      await browser.close();
      throw error;
    }
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
    await page.goto(new URL(address, this.url).href);
    return page;
  }

  /** Closes all pages, and expects that none logged an error. */
  async closePages(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
    expect(this.errors.splice(0)).to.deep.equal([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/**
 * Expects no serious fault of accessibility, and no content beyond the width, also when it is zoomed. Keeps a
 * picture if LAB_SCREENSHOTS names a folder.
 */
export async function judge(page: Page, name: string): Promise<void> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run({ resultTypes: ['violations'] })",
  );
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(serious, name).to.deep.equal([]);
  await expectNoOverflow(page, name);
  await takePicture(page, name);
  const size = page.viewportSize() ?? DESKTOP;
  await page.setViewportSize(ZOOMED);
  await expectNoOverflow(page, name);
  await page.setViewportSize(size);
}

/** Keeps a picture if LAB_SCREENSHOTS names a folder. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['LAB_SCREENSHOTS'];
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

async function expectNoOverflow(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow, `${name}: pixels beyond the width of the window`).to.equal(0);
}
