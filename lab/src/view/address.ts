import type { Run } from '../api.js';

/** What the part of the address after # names: a sign-in code, a run, or an experiment. */
export function addressed(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}

/** Names the run, and the one beside it. */
export function addressOf(run: Pick<Run, 'id'>, kept: Run | undefined): string {
  return kept && kept.id !== run.id ? `#run=${run.id}&with=${kept.id}` : `#run=${run.id}`;
}
