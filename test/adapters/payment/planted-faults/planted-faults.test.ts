import { expect } from 'chai';
import { type MarkedFault, PlantedCopy } from '../../../support/planting/planted-copy.js';

interface PaymentFault {
  readonly name: string;
  readonly suite: string;
  readonly caughtBy: string;
  readonly change: MarkedFault;
}

const INTERLEAVINGS = 'test/adapters/payment/interleavings.test.js';
const TO_THE_POINT = 'charge exactly the price of the paid orders';

/** The parts of the build that these suites load. */
const PARTS = [
  ...['src/adapters', 'src/application', 'src/domain'],
  ...['test/application', 'test/adapters/payment', 'test/support', 'tools/servers'],
];

const FAULTS: readonly PaymentFault[] = [
  {
    name: 'money that is taken before the order is paid',
    suite: INTERLEAVINGS,
    caughtBy: TO_THE_POINT,
    change: {
      marker: 'card-decided-before-capture',
      to: "if (charge?.status === 'authorised') await this.gateway.capture(state.id); return this.change(state, (payment, tx) => this.#decide(payment, charge, tx));",
    },
  },
  {
    name: 'an authorisation that stays although the order ended',
    suite: INTERLEAVINGS,
    caughtBy: TO_THE_POINT,
    change: { marker: 'card-given-up', to: 'if (!order.isPayable(now)) return payment.decline();' },
  },
  {
    name: 'a reference that is left open for an authorisation that comes late',
    suite: INTERLEAVINGS,
    caughtBy: TO_THE_POINT,
    change: {
      marker: 'card-void',
      to: "const { status } = (await this.gateway.find(state.id)) ? await this.gateway.void(state.id) : { status: 'voided' };",
    },
  },
  {
    name: 'an order that is paid by a card payment which was given up',
    suite: 'test/application/card-payments.test.js',
    caughtBy:
      'does not mark the order paid after the payment was abandoned, whatever the gateway answers',
    change: { marker: 'card-payment-still-started', to: '' },
  },
  {
    name: 'a void that came too late and counts as done',
    suite: 'test/application/card-payments.test.js',
    caughtBy: 'refunds the money when the order is cancelled during the capture',
    change: { marker: 'card-voided', to: 'return payment.voided();' },
  },
  {
    name: 'a cancellation that does not refund the card',
    suite: INTERLEAVINGS,
    caughtBy: TO_THE_POINT,
    change: { marker: 'card-cancelled', to: '' },
  },
  {
    name: 'a new idempotency key for each try',
    suite: 'test/adapters/payment/http-gateway.test.js',
    caughtBy: 'asks again under the same key after a broken connection',
    change: {
      marker: 'gateway-idempotency-key',
      to: "return this.#ask('authorise', () => this.#client.post('/charges', key + Math.random(), request));",
    },
  },
  {
    name: 'a response that was sent twice and counts as the next one',
    suite: 'test/adapters/payment/http-gateway.test.js',
    caughtBy: 'asks again under the same key after the response of another request',
    change: { marker: 'gateway-request-id', to: 'return response;' },
  },
];

describe('The tests of card payments catch', function () {
  this.timeout(260_000);
  let copy: PlantedCopy;
  before(async () => {
    copy = await PlantedCopy.make(PARTS);
  });
  afterEach(() => copy.heal());
  after(() => copy.remove());

  it('nothing without a planted fault', async () => {
    const cases = FAULTS.map(({ suite, caughtBy: title }) => ({ suite, title }));
    expect(await copy.failuresOfAll(cases, 60_000)).to.deep.equal([]);
  });

  for (const { name, suite, caughtBy, change } of FAULTS) {
    it(`${name}, by: ${caughtBy}`, async () => {
      copy.plant([change]);
      const [failed = '', ...others] = await copy.failures(suite, caughtBy, 60_000);
      expect(failed.startsWith(caughtBy), failed).to.equal(true);
      expect(others).to.deep.equal([]);
    });
  }
});
