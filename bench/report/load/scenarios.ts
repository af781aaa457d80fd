import { CATEGORIES, categoryOf, type Dataset, idOf } from '../dataset/dataset.js';
import type { ReportPlan } from '../plan.js';
import { seeded, uniform, zipf } from './choices.js';
import { type LoadRequest, MODES, type Mode, type Scenario } from './scenario.js';

/** The credentials and entity tags that the requests of the scenarios need. */
export interface Clients {
  /** The token of an admin. */
  readonly token: string;
  /** The entity tags of `PAGES`, in the same sequence. */
  readonly tags: readonly string[];
}

const get = (path: string): LoadRequest => ({ method: 'GET', path });
const productPath = (number: number) => `/v1/products/${idOf('product', number)}`;

/** The first page of all products and of each category. */
export const PAGES: readonly string[] = [
  '/v1/products',
  ...Array.from({ length: CATEGORIES }, (_, at) => `/v1/products?category=${categoryOf(at)}`),
];

export function scenariosOf(data: Dataset, plan: ReportPlan, clients: Clients): Scenario[] {
  const hot = Math.min(plan.hotProducts, data.products / 2);
  const hotReads = Array.from({ length: hot }, (_, at) => get(productPath(at)));
  const pages = PAGES.map(get);
  const drawnPages = (choices: readonly LoadRequest[]) => (run: number) =>
    picked(choices, uniform(choices.length, seeded(run)));
  return [
    {
      ...{ id: 'product-zipf', title: `products, ${hot} by Zipf`, filledBy: hotReads },
      requests: (run) => picked(hotReads, zipf(hot, seeded(run))),
    },
    {
      ...{ id: 'product-uniform', title: `products, ${hot} uniformly`, filledBy: hotReads },
      requests: (run) => picked(hotReads, uniform(hot, seeded(run))),
    },
    {
      ...{ id: 'product-once', title: 'products, each once', filledBy: [] },
      requests: (run, mode) => eachOnce(data, plan, hot, run, mode),
    },
    {
      ...{ id: 'pages', title: 'pages of products', filledBy: pages },
      requests: drawnPages(pages),
    },
    {
      ...{ id: 'pages-304', title: 'pages, revalidated', filledBy: pages },
      requests: drawnPages(
        pages.map((page, at) => ({
          ...page,
          headers: { 'if-none-match': clients.tags[at] ?? '' },
        })),
      ),
    },
    ...(['5m', '7d'] as const).map((window) => steady(window)),
    mixed(1, hot, hotReads, clients),
    mixed(20, hot, hotReads, clients),
    {
      ...{ id: 'stock', title: 'stock, cached nowhere', filledBy: [] },
      requests: (run) => {
        const draw = zipf(hot, seeded(run));
        return () => get(`${productPath(draw())}/stock`);
      },
    },
    { id: 'nothing', title: 'a route that does nothing', filledBy: [], requests: () => health },
  ];
}

const health = () => get('/healthz');

function steady(window: string): Scenario {
  const request = get(`/v1/products/popular?window=${window}&limit=10`);
  return {
    ...{ id: `popular-${window}`, title: `popular items of ${window}`, filledBy: [request] },
    requests: () => () => request,
  };
}

/** Reads follow Zipf's law. Writes are uniform, so that they rarely wait for each other's locks. */
function mixed(
  percent: number,
  hot: number,
  reads: readonly LoadRequest[],
  { token }: Clients,
): Scenario {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    ...{ id: `writes-${percent}`, title: `products by Zipf, ${percent} % writes`, filledBy: reads },
    requests: (run) => {
      const random = seeded(run);
      const read = picked(reads, zipf(hot, random));
      const written = uniform(hot, random);
      return () => {
        if (random() >= percent / 100) return read();
        const body = JSON.stringify({ price: 1 + Math.floor(random() * 1_000) });
        return { method: 'PATCH', path: productPath(written()), headers, body };
      };
    },
  };
}

function picked(requests: readonly LoadRequest[], draw: () => number): () => LoadRequest {
  return () => requests[draw()] ?? health();
}

/** Reads products that were not read before: each run and mode has its own part of the products. */
function eachOnce(data: Dataset, plan: ReportPlan, hot: number, run: number, mode: Mode) {
  const parts = plan.repetitions * MODES.length;
  const part = run * MODES.length + MODES.findIndex((one) => one.mode === mode);
  const length = Math.floor((data.products - hot) / parts);
  let next = 0;
  return () => get(productPath(hot + (part % parts) * length + (next++ % length)));
}
