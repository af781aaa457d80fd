import type { HttpLimits } from '../../adapters/http/http-server.js';
import type { Settings } from './settings.js';

export function httpLimitsOf(settings: Settings): HttpLimits {
  return {
    maxConnections: settings.HTTP_MAX_CONNECTIONS,
    maxPipelined: settings.HTTP_MAX_PIPELINED,
    maxUnsentBytes: settings.HTTP_MAX_UNSENT_BYTES,
    headersMs: settings.HTTP_HEADERS_MS,
    requestMs: settings.HTTP_REQUEST_MS,
    stallMs: settings.HTTP_STALL_MS,
  };
}
