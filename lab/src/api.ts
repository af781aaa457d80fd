import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { z } from 'zod';
import type {
  LabExperiment,
  PendingRun,
  RunEvent,
  RunRecord,
  RunSettings,
} from '../../src/adapters/http/lab/lab-schemas.js';

export type Experiment = LabExperiment;
export type Settings = z.output<typeof RunSettings>;
export type Run = z.output<typeof RunRecord>;
export type Report = Run['reports'][number];
export type RaceRequest = NonNullable<Settings['race']>[number];
export type RunStep = Report['timeline'][number];
export type LostUpdate = Report['lostUpdates'][number];
export type Outcome = Report['outcome'];
export type { PendingRun, RunEvent };

/** A response that is not a success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    /** For people, in English; undefined when a proxy answered. */
    readonly detail?: string,
    /** Names the reason in the contract of the API; undefined when a proxy answered. */
    readonly code?: string,
  ) {
    super(detail);
  }
}

/** Whether the sign-in form says already why a request did not succeed. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** The instance did not answer, or ended its answer too early. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** Sent to the window when an answer says that nobody is signed in (any more). */
export const SIGNED_OUT = 'lab-signed-out';

export async function signInByCode(code: string): Promise<void> {
  await post('/lab/session', { code });
}

export async function signInByToken(token: string): Promise<void> {
  await send('/lab/session', {
    method: 'POST',
    body: '{}',
    headers: { Authorization: `Bearer ${token}` },
  });
}

export async function signOut(): Promise<void> {
  await send('/lab/session', { method: 'DELETE' });
}

export async function listExperiments(): Promise<readonly Experiment[]> {
  const response = await send('/lab/experiments');
  return ((await response.json()) as { experiments: Experiment[] }).experiments;
}

/** @throws ApiError with the status 404: the run does not exist, or it has failed */
export async function findRun(id: string): Promise<Run | PendingRun> {
  return (await (await send(`/lab/runs/${encodeURIComponent(id)}`)).json()) as Run | PendingRun;
}

export function isFinished(run: Run | PendingRun): run is Run {
  return 'reports' in run;
}

/** Starts a run and yields what happens until its end. The run goes on when nobody reads its events. */
export function startRun(experiment: string, settings: Settings): AsyncGenerator<RunEvent> {
  return events<RunEvent>('/lab/runs', { experiment, settings });
}

/**
 * Posts the body and yields the events of the response, the last of which is `finished` or `failed`.
 * @throws ApiError
 * @throws ConnectionLost
 */
export async function* events<Event extends { readonly name: string }>(
  path: string,
  body: object,
): AsyncGenerator<Event> {
  let last: string | undefined;
  for await (const event of eventsOf(await post(path, body))) {
    last = event.name;
    yield event as unknown as Event;
  }
  if (last !== 'finished' && last !== 'failed') throw new ConnectionLost();
}

/**
 * Yields the server-sent events of a response, with their data parsed.
 * @throws ConnectionLost
 */
export async function* eventsOf(
  response: Response,
): AsyncGenerator<{ readonly name: string | undefined; readonly data: unknown }> {
  const stream = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const reader = stream?.getReader();
  for (;;) {
    const next = await reader?.read().catch(() => {
      throw new ConnectionLost();
    });
    if (!next || next.done) return;
    const { event: name, data } = next.value;
    yield { name, data: JSON.parse(data) };
  }
}

/** @throws ApiError */
export function post(path: string, body: object): Promise<Response> {
  return send(path, { method: 'POST', body: JSON.stringify(body) });
}

/**
 * @throws ApiError
 * @throws ConnectionLost
 */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const type = init.body === undefined ? {} : { 'Content-Type': 'application/json' };
  const request = fetch(path, { ...init, headers: { ...type, ...init.headers } });
  const response = await request.catch(() => {
    throw new ConnectionLost();
  });
  if (response.ok) return response;
  if (response.status === 401) dispatchEvent(new Event(SIGNED_OUT));
  throw problemOf(response.status, await response.json().catch(() => undefined));
}

/** The error for a response that is not a success, with this parsed body. */
export function problemOf(status: number, body: unknown): ApiError {
  const { detail, code } = (body ?? {}) as { readonly detail?: string; readonly code?: string };
  return new ApiError(status, detail, code);
}
