import { expect } from 'chai';
import { WaiterGroups } from '../../../src/adapters/lock/waiting/waiter-groups.js';

describe('WaiterGroups', () => {
  it('keeps idle groups until there are too many, and busy ones always', () => {
    const groups = new WaiterGroups<{ isIdle: boolean }>();
    const busy = { isIdle: false };
    groups.add('busy', busy);
    let most = 0;
    for (let i = 0; i < 20_000; i += 1) {
      groups.add(`lockstep:lock:{stock:${i}}`, { isIdle: true });
      most = Math.max(most, groups.size);
    }
    expect(most).to.be.within(2_000, 6_000);
    expect(groups.get('busy')).to.equal(busy);
    expect(groups.get('lockstep:lock:{stock:19999}')).not.to.equal(undefined);
    expect(groups.get('lockstep:lock:{stock:0}')).to.equal(undefined);
  });

  it('searches for idle groups ever more rarely while all are busy', () => {
    let asked = 0;
    const busy = {
      get isIdle() {
        asked += 1;
        return false;
      },
    };
    const groups = new WaiterGroups<{ readonly isIdle: boolean }>();
    for (let i = 0; i < 50_000; i += 1) groups.add(`lockstep:lock:{stock:${i}}`, busy);
    expect(groups.size).to.equal(50_000);
    expect(asked).to.be.lessThan(100_000);
  });

  it('is busy while a group is, and keeps only busy ones after forgetIdle', () => {
    const groups = new WaiterGroups<{ isIdle: boolean }>();
    expect(groups.isBusy).to.equal(false);
    const group = { isIdle: false };
    groups.add('used', group);
    groups.add('idle', { isIdle: true });
    expect(groups.isBusy).to.equal(true);
    groups.forgetIdle();
    expect(groups.all()).to.deep.equal([group]);
    group.isIdle = true;
    expect(groups.isBusy).to.equal(false);
    groups.forgetIdle();
    expect(groups.size).to.equal(0);
  });
});
