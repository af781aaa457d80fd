import { expect } from 'chai';
import { defaultLockSettings } from '../../../src/adapters/lock/lock-settings.js';
import { lockRequest } from '../../../src/adapters/lock/waiting/lock-request.js';
import { Waiter } from '../../../src/adapters/lock/waiting/waiter.js';
import { WaiterLimit, WaiterQueue } from '../../../src/adapters/lock/waiting/waiter-queue.js';

describe('WaiterQueue', () => {
  const request = lockRequest(
    ['stock:1'],
    { waitMs: Number.POSITIVE_INFINITY },
    defaultLockSettings,
  );
  const made = (count: number) =>
    Array.from({ length: count }, () => new Waiter<never>(request, { onLeft: () => undefined }));

  it('returns waiters in arrival order', () => {
    const queue = new WaiterQueue<never>(new WaiterLimit(10));
    const waiters = made(3);
    for (const waiter of waiters) queue.add(waiter);
    expect([queue.shift(), queue.shift(), queue.shift()]).to.deep.equal(waiters);
    expect(queue.shift()).to.equal(undefined);
  });

  for (const leaver of [0, 1, 2]) {
    it(`skips waiter ${leaver} of three when it left, also when it left twice`, () => {
      const queue = new WaiterQueue<never>(new WaiterLimit(10));
      const waiters = made(3);
      for (const waiter of waiters) queue.add(waiter);
      for (const gone of [waiters[leaver], waiters[leaver]]) if (gone) queue.delete(gone);
      expect(queue.size).to.equal(2);
      const [newcomer] = made(1);
      if (newcomer) queue.add(newcomer);
      expect(queue.clear()).to.deep.equal([...waiters.toSpliced(leaver, 1), newcomer]);
      expect(queue.size).to.equal(0);
    });
  }
});
