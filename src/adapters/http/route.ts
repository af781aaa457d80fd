import type { z } from 'zod';
import type { Cached, CacheEntry } from '../../domain/ports/cache-port.js';
import type { RequestScope } from '../../domain/ports/unit-of-work.js';
import type { Caller } from './auth/caller.js';
import type { ProblemCode } from './responses/problem.js';

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** Who may call a route: anyone, a user with a valid token, or only an admin. */
export type Access = 'anyone' | 'user' | 'admin';

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** A request that has passed authentication and validation. */
export interface Input<A extends Access, Q, B> {
  /** Value of the path parameter; empty when the path has none. */
  readonly id: string;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly caller: A extends 'anyone' ? undefined : Caller;
  /** For the unit of work: idempotency key, cancellation, and a callback for invalidations. */
  readonly scope: RequestScope;
  /** A cached response must include at least this invalidation. */
  readonly minimumVersion: number | undefined;
  header(name: string): string | undefined;
  /** The media type that `Accept` prefers (RFC 9110, section 12.5.1); undefined: it accepts none. */
  accepts(types: string[]): string | undefined;
}

export interface Reply {
  /** Set for the route's `alternative`; without it the status of `success` is sent. */
  readonly status?: number;
  readonly body?: unknown;
  /** JSON text to send instead of a body. */
  readonly text?: string;
  /** Events to send instead of a body. The stream ends by itself, or when the client disconnects. */
  readonly events?: AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The response of a route that did its work. */
interface Success {
  readonly status: number;
  readonly description: string;
  readonly body?: z.ZodType;
  /** Description of the events, for a route that can also respond with an event stream. */
  readonly events?: string;
  /** Names and descriptions of its headers, without those that every response has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A use case that reads a cached text, which is the whole body. */
interface UseCaseCaching {
  /** The cache entry for the value of the path parameter. */
  entry(id: string): Pick<CacheEntry, 'key' | 'composed'>;
  /** The entity tag of its text. */
  tag(text: string): string;
}

/** Whole responses that are cached by path and query. */
interface WholeResponseCaching {
  /** Every resource that a response shows; a change of one of them invalidates it. */
  resources(body: object): readonly string[];
  /**
   * Whether to cache the response to a validated query; without this every response is cached.
   * Queries that clients can invent must not fill the cache.
   */
  isKept?(query: unknown): boolean;
  /** Whether to cache this response; without this every response is cached. */
  isKeptBody?(body: object): boolean;
  /** Time to live in milliseconds, if it differs from the cache's own. */
  readonly ttlMs?: number;
}

/** One declaration of a route: the source of both its validation and its OpenAPI document. */
export interface Route<A extends Access = Access, Q = unknown, B = unknown> {
  readonly method: Method;
  /** OpenAPI template, as in `/v1/orders/{id}`. */
  readonly path: string;
  readonly access: A;
  readonly summary: string;
  /** The resource that `{id}` names. An id that is not a UUID gets 404. */
  readonly idOf?: 'product' | 'order' | 'reservation' | 'order_request';
  readonly query?: Q;
  readonly body?: B;
  /** Names and descriptions of the request headers that this route reads. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly success: Success;
  /** A second successful response, with a status of its own. */
  readonly alternative?: Success;
  /** For a public GET: its use case reads a cache, or its whole responses are cached. */
  readonly cache?: UseCaseCaching | WholeResponseCaching;
  /**
   * For a public GET without `cache`: the response to a query, where the memory of this process has all
   * of it. It is the same object as long as it is valid, and has the text that `handle` would return.
   */
  readLocal?(query: Parsed<Q>): Cached | undefined;
  /** Whether it changes cached resources. */
  readonly invalidates?: true;
  /** Problem codes of this route, without those that every route has. */
  readonly refusals?: readonly ProblemCode[];
  handle(input: Input<A, Q, B>): Promise<Reply>;
}

/** A route whose types only its handler knows; lists of routes have this type. */
// biome-ignore lint/suspicious/noExplicitAny: the handler's parameter makes Route invariant
export type AnyRoute = Route<any, any, any>;

/** Declares a route and infers the types of its handler from its schemas. */
export function route<
  A extends Access,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: Route<A, Q, B>): AnyRoute {
  return spec;
}

/** Whether a repeat with the same `Idempotency-Key` gets the first response again. */
export function isIdempotent(route: AnyRoute): boolean {
  return route.method === 'post' && route.access !== 'anyone';
}
