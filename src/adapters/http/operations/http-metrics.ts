import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** A registry with the process's own metrics; each service in a process has its own. */
export function createRegistry(instance: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ instance });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Counts the connections that were closed before their time, by why. */
export function countForcedCloses(registry: Registry): (reason: string) => void {
  const cutOff = new Counter({
    name: 'http_connections_cut_off_total',
    help: 'Connections closed because of what their clients did: full, pipelined, stalled, unsent',
    labelNames: ['reason'],
    registers: [registry],
  });
  return (reason) => cutOff.inc({ reason });
}

/** Times every request by method, route template and status. */
export function httpMetrics(registry: Registry): RequestHandler {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (req, res, next) => {
    const stop = duration.startTimer();
    res.once('finish', () => {
      // The template, never the path: an id in a label would make a series for each product.
      const route = String(res.locals.route ?? 'other');
      stop({ method: req.method, route, status: String(res.statusCode) });
    });
    next();
  };
}
