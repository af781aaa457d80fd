import { useRef, useState } from 'preact/hooks';
import {
  ApiError,
  ConnectionLost,
  findRun,
  isFinished,
  isSignedOut,
  type PendingRun,
  type Run,
  type RunEvent,
  type RunStep,
  type Settings,
  startRun,
} from '../api.js';

/** Pause before the page asks again whether a run has ended, in milliseconds. */
const ASK_EVERY_MS = 500;

/** A run that has not finished. */
export interface Progress {
  /** How many runs are before this one in the queue. */
  readonly ahead: number;
  readonly steps: readonly RunStep[];
}

/** The run of an experiment that is under way, or the failure of the last one. */
interface LiveRun {
  readonly id?: string;
  readonly progress?: Progress;
  readonly failure?: unknown;
}

interface Listener {
  /** The server knows the run under this id from now on. */
  readonly onNamed: (experiment: string, id: string) => void;
  readonly onFinished: (run: Run) => void;
}

/** The run existed, and left no record. */
export class RunWithoutResult extends Error {
  override readonly name = 'RunWithoutResult';
}

const BEGIN: Progress = { ahead: 0, steps: [] };

/**
 * The runs under way, by their experiment. They belong to the page and not to what it shows, so the reader may open
 * something else meanwhile.
 */
export function useRuns(listener: Listener) {
  const [live, setLive] = useState<Readonly<Record<string, LiveRun>>>({});
  const latest = useRef({ listener, live });
  latest.current = { listener, live };

  const show = (experiment: string, run: LiveRun) =>
    setLive((known) => ({ ...known, [experiment]: run }));
  const fail = (experiment: string, failure: unknown) =>
    show(experiment, isSignedOut(failure) ? {} : { failure });
  const finish = (run: Run) => {
    show(run.experiment, {});
    latest.current.listener.onFinished(run);
  };

  const start = async (experiment: string, settings: Settings) => {
    let run: LiveRun = { progress: BEGIN };
    show(experiment, run);
    try {
      for await (const event of startRun(experiment, settings)) {
        if (event.name === 'queued') latest.current.listener.onNamed(experiment, event.data.id);
        if (event.name === 'finished') finish(event.data);
        else {
          run = after(run, event);
          show(experiment, run);
        }
      }
    } catch (error) {
      // The run goes on without the connection.
      if (run.id && error instanceof ConnectionLost) await wait({ id: run.id, experiment }, error);
      else fail(experiment, error);
    }
  };

  /** Waits for the result of a run whose events this page does not receive. */
  const wait = async (
    { id, experiment }: Pick<PendingRun, 'id' | 'experiment'>,
    withoutResult: Error = new RunWithoutResult(),
  ) => {
    show(experiment, { id, progress: BEGIN });
    try {
      for (;;) {
        const found = await findRun(id);
        if (isFinished(found)) {
          finish(found);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
    } catch (error) {
      const isMissing = error instanceof ApiError && error.status === 404;
      fail(experiment, isMissing ? withoutResult : error);
    }
  };

  /** Shows that a run is under way which this page has not started, until it ends. */
  const follow = (run: PendingRun) => {
    if (latest.current.live[run.experiment]?.id !== run.id) void wait(run);
  };

  return { live, start, follow };
}

function after(run: LiveRun, event: Exclude<RunEvent, { name: 'finished' }>): LiveRun {
  const { progress = BEGIN } = run;
  switch (event.name) {
    case 'queued':
      return { id: event.data.id, progress: { ...progress, ahead: event.data.ahead } };
    case 'started':
      return { ...run, progress: { ...progress, ahead: 0 } };
    case 'steps':
      return { ...run, progress: { ...progress, steps: [...progress.steps, ...event.data] } };
    case 'failed':
      return { failure: new Error(event.data.reason) };
  }
}
