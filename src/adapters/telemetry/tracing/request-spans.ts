import type { IncomingMessage, RequestListener } from 'node:http';
import { type Context, SpanKind } from '@opentelemetry/api';
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import { fromHeaders, idsOf, type Spans, type TraceIds } from './spans.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];

/** Records each request, in the trace that its `traceparent` names, or in a new one. */
export class RequestSpans {
  readonly #contexts = new WeakMap<IncomingMessage, Context>();

  constructor(
    private readonly spans: Spans,
    /** The path of a URL without its query, which may contain a secret. */
    private readonly pathOf: (url: string) => string,
  ) {}

  /** The same listener, inside the span of the request. The span ends when the response is closed. */
  listener(inner: RequestListener): RequestListener {
    return (req, res) => {
      const method = METHODS.includes(req.method ?? '') ? (req.method ?? '') : '_OTHER';
      const attributes = {
        [ATTR_HTTP_REQUEST_METHOD]: method,
        [ATTR_URL_PATH]: this.pathOf(req.url ?? ''),
        [ATTR_URL_SCHEME]: 'http',
      };
      const parents = [fromHeaders(req.headers)];
      // Until the route is known. A name with a path would be another one for each product.
      const name = method === '_OTHER' ? 'HTTP' : method;
      const span = this.spans.start(name, { kind: SpanKind.SERVER, attributes }, parents);
      const [context] = span.contexts;
      if (context) this.#contexts.set(req, context);
      res.once('close', () => {
        const { route, statusCode } = res;
        span.set({ [ATTR_HTTP_RESPONSE_STATUS_CODE]: statusCode, 'lockstep.request.id': req.id });
        if (route) span.rename(`${name} ${route}`, { [ATTR_HTTP_ROUTE]: route });
        if (!res.writableFinished) span.fail('aborted');
        else if (statusCode >= 500) span.fail(`${statusCode}`);
        span.end();
      });
      this.spans.run(span.contexts, () => inner(req, res));
    };
  }

  /** The ids of the span of a request, also after the request. */
  idsOf(req: IncomingMessage): TraceIds {
    const context = this.#contexts.get(req);
    return context ? idsOf(context) : {};
  }
}
