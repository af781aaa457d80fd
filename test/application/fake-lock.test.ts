import { expect } from 'chai';
import { ChargeWallet } from '../../src/application/wallets/charge-wallet.js';
import { LockBusyError, LockPort } from '../../src/domain/ports/lock-port.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

class BusyLock extends LockPort {
  override acquire = (keys: readonly string[]) => Promise.reject(new LockBusyError(keys));
}
it('charges nothing when the lock is not obtained', async () => {
  const { unitOfWork, ids, clock, wallets } = new InMemoryShop(new BusyLock());
  const charge = new ChargeWallet(unitOfWork, ids, clock).execute('alice', 100);
  expect(await rejection(charge)).to.be.instanceOf(LockBusyError);
  expect((await wallets.get('alice')).balance).to.equal(0);
});
