import { expect } from 'chai';
import { Deadline, TimeoutQueue } from '../../../src/adapters/timeouts/timeout-queue.js';
import { eventually } from '../../contract/eventually.js';

describe('TimeoutQueue', () => {
  const givenUp: string[] = [];
  beforeEach(() => {
    givenUp.length = 0;
  });

  function waiting(name: string) {
    return new Deadline({ onExpired: () => givenUp.push(name) });
  }

  it('times out entries that wait too long, in the sequence in which they were added', async () => {
    const deadlines = new TimeoutQueue(15);
    const first = waiting('first');
    deadlines.add(first);
    deadlines.add(waiting('second'));
    await eventually(async () => givenUp.length === 2);

    expect(givenUp).to.deep.equal(['first', 'second']);
    expect(performance.now() - first.since).to.be.at.least(15);
    expect(deadlines.delete(first)).to.equal(false);
  });

  it('does not time out a cancelled entry, and still times out later entries', async () => {
    const deadlines = new TimeoutQueue(15);
    const answered = waiting('answered');
    deadlines.add(answered);
    expect(deadlines.delete(answered)).to.equal(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    deadlines.add(waiting('later'));
    await eventually(async () => givenUp.length > 0);

    expect(givenUp).to.deep.equal(['later']);
  });
});
