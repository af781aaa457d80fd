import { expect } from 'chai';
import { RunQueue } from '../../../src/experiments/lab/run-queue.js';

interface Named {
  readonly name: string;
}

describe('The queue of runs', () => {
  async function namesOf(events: AsyncIterable<Named>): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of events) names.push(name);
    return names;
  }

  it('goes on after a run that failed with something that is no Error', async () => {
    const queue = new RunQueue();
    const failures: unknown[] = [];
    const onFailure = (error: unknown) => failures.push(error);
    const failed = queue.start<Named>({
      id: 'first',
      run: () => Promise.reject(undefined),
      onFailure,
    });
    const next = queue.start<Named>({ id: 'second', run: async () => {}, onFailure });
    expect(await namesOf(failed)).to.deep.equal(['queued', 'started', 'failed']);
    expect(await namesOf(next)).to.deep.equal(['queued', 'started']);
    expect(failures).to.deep.equal([undefined]);
    await queue.close();
  });
});
