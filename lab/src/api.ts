import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { z } from 'zod';
import type {
  LabExperiment,
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
export type { RunEvent };

/** A response that is not a success; `detail` is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

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

export async function findRun(id: string): Promise<Run> {
  return (await (await send(`/lab/runs/${encodeURIComponent(id)}`)).json()) as Run;
}

/** Starts a run and yields what happens until its end. */
export function startRun(experiment: string, settings: Settings): AsyncGenerator<RunEvent> {
  return events<RunEvent>('/lab/runs', { experiment, settings });
}

/** Posts the body and yields the events of the response. */
export async function* events<Event>(path: string, body: object): AsyncGenerator<Event> {
  for await (const event of eventsOf(await post(path, body))) yield event as Event;
}

/** Yields the server-sent events of a response, with their data parsed. */
export async function* eventsOf(
  response: Response,
): AsyncGenerator<{ readonly name: string | undefined; readonly data: unknown }> {
  const stream = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const reader = stream?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) return;
    const { event: name, data } = next.value;
    yield { name, data: JSON.parse(data) };
  }
}

/** @throws ApiError */
export function post(path: string, body: object): Promise<Response> {
  return send(path, { method: 'POST', body: JSON.stringify(body) });
}

/** @throws ApiError */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const type = init.body === undefined ? {} : { 'Content-Type': 'application/json' };
  const response = await fetch(path, { ...init, headers: { ...type, ...init.headers } });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new ApiError(response.status, problem.detail ?? `${response.status}`);
}
