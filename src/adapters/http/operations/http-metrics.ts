import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Creates a registry with the metrics of the process; each service in a process has one. */
export function createRegistry(instance: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ instance });
  collectDefaultMetrics({ register: registry });
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
  return (reason) => closed.inc({ reason });
}

/** Measures the duration of every request by method, route template and status. */
export function httpMetrics(registry: Registry): RequestHandler {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its response',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (req, res, next) => {
    const stop = duration.startTimer();
    res.once('finish', () => {
      // Not the path: an id in a label would make a time series for each product.
      const route = String(res.locals.route ?? 'other');
      stop({ method: req.method, route, status: String(res.statusCode) });
    });
    next();
  };
}
