import type { Scrape } from './scrape.js';

/** A line of the screen, computed from two scrapes of one instance. */
export interface Figure {
  readonly title: string;
  /** The metric, without the suffixes of a histogram. */
  readonly metric: string;
  /** Undefined: not known. */
  of(now: Scrape, before: Scrape): number | undefined;
  readonly format: (value: number) => string;
}

/** Figures of one kind, as a row of panels in docker/metrics/dashboard.json. */
export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly Figure[];
}

const plain = (value: number) => (value >= 100 ? value.toFixed(0) : String(+value.toFixed(1)));
const ms = (seconds: number) => `${plain(seconds * 1_000)} ms`;
const seconds = (value: number) => `${plain(value)} s`;
const percent = (share: number) => `${plain(share * 100)} %`;
const megabytes = (bytes: number) => `${plain(bytes / 1_000_000)} MB`;
const yesOrNo = (value: number) => (value > 0 ? 'yes' : 'no');

export const FIGURES: readonly FigureGroup[] = [
  {
    title: 'requests',
    figures: [
      rate('a second', 'http_server_request_duration_seconds', '_count'),
      rate('5xx a second', 'http_server_request_duration_seconds', '_count', /status_code="5/),
      quantile('p99', 'http_server_request_duration_seconds', /^(?!.*order-requests\/\{id\})/),
    ],
  },
  {
    title: 'lock',
    figures: [
      quantile('wait, p99', 'lock_wait_seconds', /granted/),
      quantile('wait with a shared lease, p99', 'lease_group_wait_seconds', /granted/),
      quantile('hold, p99', 'lock_hold_seconds'),
      rate('contended a second', 'lock_contended_total'),
      rate('not granted a second', 'lock_wait_seconds', '_count', /^(?!.*granted)/),
      rate('handoffs a second', 'lock_handoffs_total'),
      rate('row locks a second', 'lock_fallbacks_total'),
      value('uses row locks', 'lock_circuit_open', yesOrNo),
      value('lost leases', 'lock_leases_lost_total'),
    ],
  },
  {
    title: 'transactions',
    figures: [
      rate('committed a second', 'transactions_total', '', /committed/),
      rate('conflicts a second', 'transactions_total', '', /conflict/),
      rate('retries a second', 'unit_of_work_retries_total'),
      mean('units in one', 'transaction_units'),
      value('connections in use', 'db_client_connection_count', plain, /used/),
      value('waiting for one', 'db_client_connection_pending_requests'),
    ],
  },
  {
    title: 'cache',
    figures: [
      rate('reads a second', 'cache_reads_total'),
      share('from L1', 'cache_reads_total', /source="l1"/),
      share('from L2', 'cache_reads_total', /source="l2"/),
      rate('refused fills a second', 'cache_fills_refused_total'),
      rate('gaps a second', 'cache_gaps_total'),
      value('in sync', 'cache_in_sync', yesOrNo),
      value('out of sync so far', 'cache_out_of_sync_seconds_total', seconds),
      quantile('staleness, p99', 'cache_staleness_seconds'),
    ],
  },
  {
    title: 'orders and queue',
    figures: [
      value('unpaid orders', 'orders_unpaid'),
      value('held reservations', 'reservations_held'),
      value('messages in the outbox', 'outbox_entries'),
      value('age of the oldest', 'outbox_oldest_seconds', seconds),
      value('consumer lag', 'kafka_consumergroup_lag'),
      value('dead letters', 'dead_letters'),
      rate('settled a second', 'order_requests_settled_total'),
    ],
  },
  {
    title: 'jobs and process',
    figures: [
      rate('failed runs a second', 'job_failures_total'),
      value('event loop lag, p99', 'nodejs_eventloop_lag_p99_seconds', ms),
      value('memory', 'process_resident_memory_bytes', megabytes),
    ],
  },
];

function value(title: string, metric: string, format = plain, labels?: RegExp): Figure {
  return { title, metric, format, of: (now) => now.sum(metric, labels) };
}

function rate(title: string, metric: string, suffix = '', labels?: RegExp): Figure {
  return {
    title,
    metric,
    format: plain,
    of: (now, before) => {
      const grown = growth(now, before, metric + suffix, labels);
      return grown && (grown / (now.atMs - before.atMs)) * 1_000;
    },
  };
}

function share(title: string, metric: string, labels: RegExp): Figure {
  return {
    title,
    metric,
    format: percent,
    of: (now, before) => quotient(growth(now, before, metric, labels), growth(now, before, metric)),
  };
}

function mean(title: string, metric: string): Figure {
  return {
    title,
    metric,
    format: plain,
    of: (now, before) =>
      quotient(growth(now, before, `${metric}_sum`), growth(now, before, `${metric}_count`)),
  };
}

/** The bound of the bucket that has 99 % of what was observed between the scrapes. */
function quantile(title: string, metric: string, labels?: RegExp): Figure {
  return {
    title,
    metric,
    format: (bound) => (Number.isFinite(bound) ? `< ${ms(bound)}` : 'more'),
    of: (now, before) => {
      const earlier = before.buckets(metric, labels);
      const grown = [...now.buckets(metric, labels)].map(
        ([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)] as const,
      );
      const all = grown.at(-1)?.[1] ?? 0;
      return all > 0 ? grown.find(([, count]) => count >= all * 0.99)?.[0] : undefined;
    },
  };
}

/** A counter that is not there yet has counted nothing. */
function growth(now: Scrape, before: Scrape, name: string, labels?: RegExp): number {
  return (now.sum(name, labels) ?? 0) - (before.sum(name, labels) ?? 0);
}

function quotient(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}
