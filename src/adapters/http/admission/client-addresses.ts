import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';
import { LRUCache } from 'lru-cache';
import type { TrustsProxy } from '../responses/common-headers.js';

/** Most chains of addresses whose key is remembered. */
const MAX_CHAINS = 10_000;
/** Longer chains, in characters, are read again each time: a client could fill the memory with them. */
const MAX_CHAIN_LENGTH = 200;

/** The addresses of clients, as the keys of their rate limits. */
export class ClientAddresses {
  /** By the addresses as the system and the proxies write them; `''`: exempt. */
  readonly #keys = new LRUCache<string, string>({ max: MAX_CHAINS });

  constructor(
    private readonly trusts: TrustsProxy,
    /** Addresses without a rate limit. */
    private readonly exempt: BlockList,
  ) {}

  /**
   * The client's address, for IPv6 its /64, because one client usually has all addresses of it.
   * Undefined for an exempt address, and when the client has left.
   */
  keyOf(req: IncomingMessage): string | undefined {
    const peer = req.socket.remoteAddress ?? '';
    const forwarded = req.headers['x-forwarded-for'];
    const chain = typeof forwarded === 'string' ? `${peer},${forwarded}` : peer;
    let key = this.#keys.get(chain);
    if (key === undefined) {
      const address = this.#lastUntrusted(peer, forwarded);
      key = this.#isExempt(address) ? '' : networkOf(address);
      if (chain.length <= MAX_CHAIN_LENGTH) this.#keys.set(chain, key);
    }
    return key || undefined;
  }

  /** The last address in the chain of proxies that no trusted proxy has. */
  #lastUntrusted(peer: string, forwarded: string | string[] | undefined): string {
    let address = peer;
    if (typeof forwarded !== 'string' || !this.trusts(address, 0)) return address;
    for (const [i, entry] of forwarded.split(',').reverse().entries()) {
      const next = entry.trim();
      if (isIP(next) === 0) return address;
      address = next;
      if (!this.trusts(address, i + 1)) return address;
    }
    return address;
  }

  #isExempt(address: string): boolean {
    const family = isIP(address);
    return family === 0 || this.exempt.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** An IPv4 address as it is, also inside an IPv6 one; else the first four groups of an IPv6 address. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(':')) return address;
  const [start = '', end] = address.toLowerCase().split('::');
  const groups = start === '' ? [] : start.split(':');
  // The groups that `::` stands for are zero; some of the first four may be after them.
  if (end !== undefined) {
    const rest = end === '' ? [] : end.split(':');
    groups.push(...Array<string>(8 - groups.length - rest.length).fill('0'), ...rest);
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
