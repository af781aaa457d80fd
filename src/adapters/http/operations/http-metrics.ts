import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** prom-client's old forms of `nodejs_active_resources`, which counts all of them. */
const REPLACED = ['handles', 'requests'].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
]);

/** Creates a registry with the metrics of the process; each service in a process has one. */
export function createRegistry(instance: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ instance });
  collectDefaultMetrics({ register: registry });
  for (const name of REPLACED) registry.removeSingleMetric(name);
  return registry;
}

/** Counts the connections that the server closed early, by reason. */
export function countForcedCloses(registry: Registry): (reason: string) => void {
  const closed = new Counter({
    name: 'http_connections_cut_off_total',
    help: 'Connections that the server closed early, by reason: full, pipelined, stalled or unsent',
    labelNames: ['reason'],
    registers: [registry],
  });
  // From the start on, so that a first one counts as an increase.
  for (const reason of ['full', 'pipelined', 'stalled', 'unsent']) closed.inc({ reason }, 0);
  return (reason) => closed.inc({ reason });
}

/** Limits that refuse a request before its route handles it. */
const REFUSALS = [
  'address-reads',
  'address-writes',
  'user-reads',
  'user-writes',
  'open-writes',
  'streams',
  'overload',
] as const;

/** Counts the requests that a limit refused, by the limit. */
export function countRefusals(registry: Registry): (limit: (typeof REFUSALS)[number]) => void {
  const refused = new Counter({
    name: 'http_requests_refused_total',
    help: 'Requests that a limit refused before their route, by the limit',
    labelNames: ['limit'],
    registers: [registry],
  });
  for (const limit of REFUSALS) refused.inc({ limit }, 0);
  return (limit) => refused.inc({ limit });
}

/** Reports whether the instance refuses all requests. */
export function reportOverload(registry: Registry, isOverloaded: () => boolean): void {
  new Gauge({
    name: 'http_overloaded',
    help: '1 while the instance refuses all requests, because its event loop is too late',
    registers: [registry],
    collect() {
      this.set(isOverloaded() ? 1 : 0);
    },
  });
}

export type MeasureDuration = (
  method: string | undefined,
  route: string | undefined,
  status: number,
  ms: number,
) => void;

/** Measures the duration of requests by method, route template and status. */
export function requestDurations(registry: Registry): MeasureDuration {
  const duration = new Histogram({
    // The name and the labels are those of OpenTelemetry's semantic conventions.
    name: 'http_server_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its response, by route and status',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const series = new Map<string, { observe(seconds: number): void }>();
  // Not the path: an id in a label would make a time series for each product.
  return (method = '', route = 'other', status, ms) => {
    const key = `${method} ${status} ${route}`;
    let one = series.get(key);
    if (!one) {
      one = duration.labels(method, route, String(status));
      series.set(key, one);
    }
    one.observe(ms / 1_000);
  };
}
