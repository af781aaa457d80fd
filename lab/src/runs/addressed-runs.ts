import { findRun, isFinished, type PendingRun, type Run } from '../api.js';

/** What the address names, as far as it can be read. */
export interface AddressedRuns {
  /** Undefined while it is pending, too. */
  readonly run: Run | undefined;
  readonly pending: PendingRun | undefined;
  /** The run beside it. */
  readonly other: Run | undefined;
  /** Why one of them cannot be shown. */
  readonly failure: Error | undefined;
}

export async function readAddressedRuns(address: URLSearchParams): Promise<AddressedRuns> {
  const [first, second] = await Promise.all(
    ['run', 'with'].map((name) => readRun(address.get(name) ?? '')),
  );
  const pending = first?.run && !isFinished(first.run) ? first.run : undefined;
  return {
    run: finished(first?.run),
    pending,
    other: finished(second?.run),
    failure: first?.failure ?? second?.failure,
  };
}

interface Read {
  readonly run?: Run | PendingRun;
  readonly failure?: Error;
}

async function readRun(id: string): Promise<Read> {
  if (!id) return {};
  return findRun(id).then(
    (run) => ({ run }),
    (failure: Error) => ({ failure }),
  );
}

function finished(run: Run | PendingRun | undefined): Run | undefined {
  return run && isFinished(run) ? run : undefined;
}
