import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import { samples } from '../../../adapters/http/support/prometheus-samples.js';
import type { ApiClient } from '../../../support/api-client.js';

/** A metric as `/metrics` describes it. */
export interface DescribedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** An increase of exactly this much, or of any amount. */
type Increase = number | 'more';

/** A metric, and optionally one label of it: `expired_total{of="order"}`. */
type Selector = string;

/** What an instance reports at `/metrics`. */
export class Figures {
  /** Every metric that a test of this suite saw moving. */
  readonly moved = new Set<string>();

  constructor(private readonly instance: () => ApiClient) {}

  async described(): Promise<DescribedMetric[]> {
    const text = await this.#text();
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((m) => [m[1], m[2]]));
    return [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => ({
      name,
      help,
      type: types.get(name) ?? 'none',
    }));
  }

  /** The names of the labels that each metric has, without those that every metric has. */
  async labels(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const found = new Map<string, Set<string>>();
    for (const { name, labels } of samples(await this.#text())) {
      const metric = name.replace(/_(bucket|sum|count)$/, '');
      const names = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
      for (const key of [metric, name]) {
        found.set(key, new Set([...(found.get(key) ?? []), ...names]));
      }
    }
    return found;
  }

  /** The sum over the series that are selected; 0 while there are none, or while they are unknown. */
  async value(selector: Selector): Promise<number> {
    return sumOf(await this.#text(), selector);
  }

  /**
   * Expects that `act` moves these metrics. A stack that it returns is disposed of after the check, so
   * that a state lasts until it was seen.
   */
  async expectMoved(
    increases: Readonly<Record<Selector, Increase>>,
    act: () => Promise<unknown>,
  ): Promise<void> {
    const before = await this.#text();
    const state = await act();
    await using _state = state instanceof AsyncDisposableStack ? state : undefined;
    await eventually(async () => {
      const after = await this.#text();
      for (const [selector, increase] of Object.entries(increases)) {
        const grown = sumOf(after, selector) - sumOf(before, selector);
        if (increase === 'more') expect(grown, selector).to.be.above(0);
        else expect(grown, selector).to.equal(increase);
      }
    });
    for (const selector of Object.keys(increases)) this.moved.add(nameOf(selector));
  }

  async #text(): Promise<string> {
    return (await this.instance().get('/metrics')).body;
  }
}

function nameOf(selector: Selector): string {
  return selector.replace(/\{.*/, '');
}

/** The observations are counted where the metric is a histogram. */
function sumOf(text: string, selector: Selector): number {
  const label = /\{(.*)\}/.exec(selector)?.[1] ?? '';
  const metric = nameOf(selector);
  const names = [metric, `${metric}_count`];
  const isHistogram = text.includes(`# TYPE ${metric} histogram\n`);
  const series = samples(text).filter(
    ({ name, labels }) => name === names[isHistogram ? 1 : 0] && labels.includes(label),
  );
  return series.reduce((sum, { value }) => sum + (Number.isNaN(value) ? 0 : value), 0);
}
