import { SignJWT } from 'jose';

/** One caller of the service, as any client of the HTTP contract. */
export class ShopClient {
  constructor(private readonly token: string) {}

  static async of(secret: string, user: string, role: 'customer' | 'admin'): Promise<ShopClient> {
    const token = new SignJWT({ role }).setProtectedHeader({ alg: 'HS256' }).setSubject(user);
    const key = new TextEncoder().encode(secret);
    return new ShopClient(await token.setIssuedAt().setExpirationTime('1h').sign(key));
  }

  post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send('POST', url, body, headers);
  }

  patch(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send('PATCH', url, body, headers);
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(url, { headers: { ...headers, ...this.#authorization } });
  }

  #send(method: string, url: string, body: object, headers: Record<string, string>) {
    return fetch(url, {
      method,
      body: JSON.stringify(body),
      headers: { ...headers, ...this.#authorization, 'content-type': 'application/json' },
    });
  }

  get #authorization() {
    return { authorization: `Bearer ${this.token}` };
  }
}
