import { Agent, request } from 'node:http';

/** Timeout of a request to an instance, in milliseconds. */
const WAIT_TIMEOUT_MS = 5_000;

export interface ProductAnswer {
  readonly status: number;
  /** Version of the product; undefined without an answer. */
  readonly version: number | undefined;
  /** `Cache-Status` of the answer. */
  readonly cache: string | undefined;
}

/** Reads and writes products over kept connections, with little processor time. */
export class ProductClient {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(private readonly token: string) {}

  read(url: string, id: string): Promise<ProductAnswer> {
    return this.#send('GET', `${url}/v1/products/${id}`);
  }

  changePrice(url: string, id: string, price: number): Promise<ProductAnswer> {
    return this.#send('PATCH', `${url}/v1/products/${id}`, JSON.stringify({ price }));
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, url: string, body?: string): Promise<ProductAnswer> {
    const headers = body
      ? { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }
      : {};
    const { promise, resolve, reject } = Promise.withResolvers<ProductAnswer>();
    const sent = request(url, { method, headers, agent: this.#agent, timeout: WAIT_TIMEOUT_MS });
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.once('error', reject);
      response.once('aborted', () => reject(new Error('cut off')));
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response;
        const version = status === 200 ? (JSON.parse(text).version as number) : undefined;
        resolve({ status, version, cache: headers['cache-status'] as string | undefined });
      });
    });
    sent.end(body);
    return promise;
  }
}
