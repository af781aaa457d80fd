import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  type GenerateKeyPairResult,
  generateKeyPair,
} from 'jose';

export type Algorithm = 'RS256' | 'ES256';

type KeyPairs = ReadonlyMap<Algorithm, GenerateKeyPairResult>;

/** All servers have the same keys, since to make an RSA key takes longer than all else in a test. */
let keyPairs: Promise<KeyPairs> | undefined;

async function makeKeyPairs(): Promise<KeyPairs> {
  const pairs = new Map<Algorithm, GenerateKeyPairResult>();
  for (const alg of ['RS256', 'ES256'] as const) {
    pairs.set(alg, await generateKeyPair(alg, { extractable: true }));
  }
  return pairs;
}

/** An identity provider's key set (RFC 7517) on the loopback address. */
export class KeySetServer implements AsyncDisposable {
  /** How the server answers: with the key set, unless a test sets something else. */
  answer: RequestListener = (_req, res) => {
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.published }));
  };
  #keys: KeyPairs = new Map();
  /** The keys it publishes, as JWKs. */
  published: object[] = [];
  /** How many requests it got. */
  requests = 0;
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<KeySetServer> {
    const keySet = new KeySetServer();
    keyPairs ??= makeKeyPairs();
    keySet.#keys = await keyPairs;
    for (const [alg, pair] of keySet.#keys) {
      keySet.published.push({ ...(await exportJWK(pair.publicKey)), kid: alg, alg, use: 'sig' });
    }
    await keySet.up();
    return keySet;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/jwks`;
  }

  privateKey(alg: Algorithm): CryptoKey {
    return this.#pair(alg).privateKey;
  }

  /** The public key as everybody can read it. */
  publicPem(alg: Algorithm): Promise<string> {
    return exportSPKI(this.#pair(alg).publicKey);
  }

  async up(): Promise<void> {
    this.#server = createServer((req, res) => {
      this.requests += 1;
      this.answer(req, res);
    }).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Publishes one more key with further members from `about`, and returns its private key. */
  async publish(about: object, alg: Algorithm = 'ES256'): Promise<CryptoKey> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.published.push({ ...(await exportJWK(publicKey)), ...about });
    return privateKey;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }

  #pair(alg: Algorithm): GenerateKeyPairResult {
    const pair = this.#keys.get(alg);
    if (!pair) throw new Error(`no key for ${alg}`);
    return pair;
  }
}
