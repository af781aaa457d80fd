import { expect } from 'chai';
import { v7 } from 'uuid';
import { HttpPaymentGateway } from '../../../src/adapters/payment/http-payment-gateway.js';
import { SandboxGateway } from '../../../src/adapters/payment/sandbox/sandbox-gateway.js';
import type {
  ChargeRequest,
  PaymentGateway,
} from '../../../src/domain/payments/payment-gateway.js';
import { startSandbox } from '../../support/sandbox.js';

interface GatewayKind {
  readonly name: string;
  open(resources: AsyncDisposableStack): Promise<PaymentGateway>;
}

const inProcess: GatewayKind = {
  name: 'the sandbox in the process',
  open: async () => new SandboxGateway(),
};

const overHttp: GatewayKind = {
  name: 'the sandbox over HTTP',
  open: async (resources) => {
    const { url, key } = resources.use(await startSandbox());
    return new HttpPaymentGateway({ url, key, timeoutMs: 30_000, attempts: 2 });
  },
};

for (const kind of [inProcess, overHttp]) {
  describe(`A payment gateway, ${kind.name}`, () => {
    let resources: AsyncDisposableStack;
    let gateway: PaymentGateway;

    before(async () => {
      resources = new AsyncDisposableStack();
      gateway = await kind.open(resources);
    });

    after(() => resources.disposeAsync());

    function request(token = 'tok_success'): ChargeRequest {
      return { reference: v7(), orderId: v7(), amount: 700, token };
    }

    async function authorised(): Promise<string> {
      const asked = request();
      await gateway.authorise(asked);
      return asked.reference;
    }

    const statusOf = async (reference: string) => (await gateway.find(reference))?.status;

    it('authorises, and captures what was authorised', async () => {
      const asked = request();
      expect(await statusOf(asked.reference)).to.equal(undefined);
      expect((await gateway.authorise(asked)).status).to.equal('authorised');
      expect(await statusOf(asked.reference)).to.equal('authorised');
      expect((await gateway.capture(asked.reference)).status).to.equal('captured');
      expect(await statusOf(asked.reference)).to.equal('captured');
    });

    for (const token of ['tok_declined', 'tok_insufficient', 'tok_of_nobody']) {
      it(`declines ${token}, each time`, async () => {
        const asked = request(token);
        expect((await gateway.authorise(asked)).status).to.equal('declined');
        expect((await gateway.authorise(asked)).status).to.equal('declined');
        expect(await statusOf(asked.reference)).to.equal('declined');
      });
    }

    for (const token of ['tok_success', 'tok_twice']) {
      it(`returns the current charge for a repeated request, with ${token}`, async () => {
        const asked = request(token);
        const { reference } = asked;
        await gateway.authorise(asked);
        expect((await gateway.authorise(asked)).status).to.equal('authorised');
        await gateway.capture(reference);
        expect((await gateway.capture(reference)).status).to.equal('captured');
        expect((await gateway.authorise(asked)).status).to.equal('captured');
        await gateway.refund(reference);
        expect((await gateway.refund(reference)).status).to.equal('refunded');
        expect((await gateway.capture(reference)).status).to.equal('refunded');
      });
    }

    it('voids an authorised charge, and does not capture it later', async () => {
      const reference = await authorised();
      expect((await gateway.void(reference)).status).to.equal('voided');
      expect((await gateway.void(reference)).status).to.equal('voided');
      expect((await gateway.capture(reference)).status).to.equal('voided');
      expect((await gateway.refund(reference)).status).to.equal('voided');
    });

    it('neither voids a captured charge nor refunds a charge that was not captured', async () => {
      const reference = await authorised();
      expect((await gateway.refund(reference)).status).to.equal('authorised');
      await gateway.capture(reference);
      expect((await gateway.void(reference)).status).to.equal('captured');
      expect((await gateway.refund(reference)).status).to.equal('refunded');
    });

    it('closes an unknown reference against a late authorisation', async () => {
      const asked = request();
      expect((await gateway.void(asked.reference)).status).to.equal('voided');
      expect((await gateway.authorise(asked)).status).to.equal('voided');
      expect((await gateway.capture(asked.reference)).status).to.equal('voided');
    });

    it('does concurrent equal requests once', async () => {
      const asked = request();
      const { reference } = asked;
      const ten = <T>(ask: () => Promise<T>) => Promise.all(Array.from({ length: 10 }, ask));
      await ten(() => gateway.authorise(asked));
      const ends = await Promise.all([gateway.capture(reference), gateway.void(reference)]);
      const statuses = new Set(ends.map(({ status }) => status));
      expect([...statuses], 'one of the two').to.have.length(1);
    });
  });
}
