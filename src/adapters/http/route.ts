import type { z } from 'zod';
import type { RequestScope } from '../../domain/ports/unit-of-work.js';
import type { Caller } from './auth/caller.js';
import type { ProblemCode } from './responses/problem.js';

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** Who may call a route: anyone, whoever has a valid token, or only an admin. */
export type Access = 'anyone' | 'user' | 'admin';

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** A request that has passed authentication and validation. */
export interface Input<A extends Access, Q, B> {
  /** Value of the path's parameter, empty where the path has none. */
  readonly id: string;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly caller: A extends 'anyone' ? undefined : Caller;
  /** Idempotency key, cancellation and what is told of evictions, for the unit of work. */
  readonly scope: RequestScope;
  /** Number of an invalidation that a cached answer must have seen. */
  readonly atLeast: number | undefined;
  header(name: string): string | undefined;
  /** The one of these media types that `Accept` likes best (RFC 9110, section 12.5.1), if any. */
  accepts(types: string[]): string | undefined;
}

export interface Reply {
  /** Where it is not the route's `success` but its `alternative`. */
  readonly status?: number;
  readonly body?: unknown;
  /** In place of a body: JSON that is sent as it is. */
  readonly text?: string;
  /** In place of a body: events as they happen; it ends by itself, or once the client is gone. */
  readonly events?: AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route answers when it does what it was asked. */
interface Success {
  readonly status: number;
  readonly description: string;
  readonly body?: z.ZodType;
  /** What the events are, where the client may have the answer as a stream of them. */
  readonly events?: string;
  /** Its headers besides those that every answer has, with what they mean. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers that are kept whole, by path and query. */
interface WholeResponseCaching {
  /** Every resource that an answer shows; it falls with any of them. */
  resources(body: object): readonly string[];
  /**
   * Whether the answer to a query, which is as it was validated, is kept at all: what anyone may
   * ask without end must not fill the cache. Without this, each is.
   */
  isKept?(query: unknown): boolean;
  /** The same, by what was answered. */
  isKeptBody?(body: object): boolean;
  /** Longest life in milliseconds, where it differs from the cache's own. */
  readonly ttlMs?: number;
}

/** A route as the client sees it; validation and the OpenAPI document both come from it. */
export interface Route<A extends Access = Access, Q = unknown, B = unknown> {
  readonly method: Method;
  /** OpenAPI template, as in `/v1/orders/{id}`. */
  readonly path: string;
  readonly access: A;
  readonly summary: string;
  /** What an `{id}` in the path names: a value that is no UUID answers that there is none. */
  readonly idOf?: 'product' | 'order' | 'reservation' | 'order_request';
  readonly query?: Q;
  readonly body?: B;
  /** Request headers that mean something to this route. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly success: Success;
  /** Another answer of a request that was understood, with a status of its own. */
  readonly alternative?: Success;
  /** For a GET that anyone may send: its use case reads a cache, or its answers are kept whole. */
  readonly cache?: 'use-case' | WholeResponseCaching;
  /** Changes resources whose answers are cached. */
  readonly evicts?: true;
  /** Refusals of its own, besides those that every route has. */
  readonly refusals?: readonly ProblemCode[];
  handle(input: Input<A, Q, B>): Promise<Reply>;
}

/** A route whose types are known to its handler only, as the lists of routes hold them. */
// biome-ignore lint/suspicious/noExplicitAny: the handler's parameter makes Route invariant
export type AnyRoute = Route<any, any, any>;

/** Declares a route, so that its handler sees the types of its own schemas. */
export function route<
  A extends Access,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: Route<A, Q, B>): AnyRoute {
  return spec;
}

/** Whether a repeat with the same `Idempotency-Key` gets the first answer again. */
export function isIdempotent(route: AnyRoute): boolean {
  return route.method === 'post' && route.access !== 'anyone';
}
