import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../tools/servers/find-chromium.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 } };

interface AxeResults {
  readonly violations: readonly { id: string; impact: string; nodes: { html: string }[] }[];
}

/** A Chromium that looks at pages of the lab, and remembers what they report as errors. */
export class PanelBrowser implements AsyncDisposable {
  readonly #errors: string[] = [];

  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<PanelBrowser> {
    const executablePath = await findChromium();
    return new PanelBrowser(await chromium.launch({ executablePath, args: ['--no-sandbox'] }));
  }

  /** Opens an address in a window of its own. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ locale: 'en', ...DESKTOP, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    page.on('pageerror', (error) => this.#errors.push(error.message));
    await page.goto(url);
    return page;
  }

  /** What pages logged as an error, or refused to load, since the last call. */
  takeErrors(): string[] {
    return this.#errors.splice(0);
  }

  async closePages(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/** The faults of accessibility that axe-core calls serious or critical. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** How far the page is wider than the window. */
export function pixelsBeyondTheWindow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}

/** Keeps a picture in the folder that LAB_SCREENSHOTS names, else in `folder`. */
export async function takePicture(page: Page, name: string, folder: string): Promise<void> {
  const file = path.join(process.env['LAB_SCREENSHOTS'] ?? folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: true });
  expect(statSync(file).size).to.be.greaterThan(10_000);
}
