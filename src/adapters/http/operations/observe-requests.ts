import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { requestDurations } from './http-metrics.js';
import { type MoreFields, requestLog } from './request-log.js';

declare module 'http' {
  interface ServerResponse {
    /** Template of the route that responds; undefined: no route matched. */
    route?: string;
  }
}

/** Observes one request until its response was sent, or its client disconnected. */
export type ObserveRequest = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Logs and measures requests. It adds one listener for each response, because each listener costs
 * as much as a header.
 */
export function observeRequests(
  logger: Logger,
  registry: Registry,
  more?: MoreFields,
): ObserveRequest {
  const log = requestLog(logger, more);
  const measure = requestDurations(registry);
  return (req, res) => {
    const beganMs = performance.now();
    res.on('close', () => {
      const ms = performance.now() - beganMs;
      if (res.writableFinished) measure(req.method, res.route, res.statusCode, ms);
      log(req, res, res.route, ms);
    });
  };
}
