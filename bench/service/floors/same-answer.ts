import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pino } from 'pino';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { SECURITY_HEADERS } from '../../../src/adapters/http/responses/security-headers.js';

const { LOG_LEVEL = 'info', INSTANCE_ID = '' } = process.env;

const logger = pino({ level: LOG_LEVEL }, pino.destination({ minLength: 4_096, sync: true }));
const registry = new Registry();
collectDefaultMetrics({ register: registry });
const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the first byte of a request to the end of its response',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});
const series = new Map<string, { observe(seconds: number): void }>();

/** The headers of a response of Lockstep. Names and values alternate in the list. */
export function headersOf(req: IncomingMessage): string[] {
  const id = req.headers['x-request-id'] ?? randomUUID();
  return ['X-Request-Id', String(id), 'X-Instance', INSTANCE_ID, ...SECURITY_HEADERS.plain];
}

/** Writes the log line and the metrics of a request after its response was sent, as Lockstep does. */
export function observe(req: IncomingMessage, res: ServerResponse, route: string): void {
  const begun = performance.now();
  res.on('close', () => {
    const ms = performance.now() - begun;
    const { method = '', url } = req;
    const { statusCode } = res;
    const key = `${method} ${statusCode} ${route}`;
    let one = series.get(key);
    if (!one) {
      one = duration.labels(method, route, String(statusCode));
      series.set(key, one);
    }
    one.observe(ms / 1_000);
    if (!logger.isLevelEnabled('info')) return;
    const responseTime = Math.round(ms);
    logger.info({ req: { method, url }, res: { statusCode, route }, responseTime }, 'completed');
  });
}
