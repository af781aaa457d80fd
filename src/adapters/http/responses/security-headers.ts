import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

class HeaderRecorder extends ServerResponse {
  readonly headers: string[] = [];

  override setHeader(name: string, value: unknown): this {
    this.headers.push(name, String(value));
    return this;
  }
}

/** Names and values, alternately, that a Helmet handler sets. They are the same for each request, so it runs once. */
function headersOf(handler: ReturnType<typeof helmet>): readonly string[] {
  const res = new HeaderRecorder(new IncomingMessage(new Socket()));
  handler(res.req, res, () => undefined);
  return res.headers;
}

const contentSecurityPolicy = { directives: { 'upgrade-insecure-requests': null } };

/**
 * Helmet's headers, names and values alternately. The service also runs over plain HTTP, for example on the loopback address.
 * Over plain HTTP there is no Strict-Transport-Security (RFC 6797, section 7.2).
 */
export const SECURITY_HEADERS = {
  overTls: headersOf(helmet({ contentSecurityPolicy })),
  plain: headersOf(helmet({ contentSecurityPolicy, strictTransportSecurity: false })),
};
