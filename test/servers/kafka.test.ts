import { Admin } from '@platformatic/kafka';
import { expect } from 'chai';
import { startKafka } from '../../tools/servers/kafka/start-kafka.js';
import { rejection } from '../support/rejection.js';

describe('A Kafka that was started', function () {
  this.timeout(240_000);

  it('keeps its topics across a stop and a start, and is gone when it is closed', async () => {
    await using kafka = await startKafka({ ways: ['docker', 'binary'] });
    await withAdmin(kafka.brokers, (admin) =>
      admin.createTopics({ topics: ['kept'], partitions: 3, replicas: 1 }),
    );
    await kafka.stop();
    expect(await rejection(topics(kafka.brokers))).to.be.instanceOf(Error);
    await kafka.start();
    expect(await topics(kafka.brokers)).to.deep.equal(['kept']);
    await kafka.start('empty');
    await kafka.close();
    expect(await rejection(topics(kafka.brokers))).to.be.instanceOf(Error);
  });
});

function topics(brokers: string): Promise<string[]> {
  return withAdmin(brokers, (admin) => admin.listTopics());
}

async function withAdmin<T>(brokers: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const bootstrapBrokers = brokers.split(',');
  const admin = new Admin({ clientId: 'test', bootstrapBrokers, retries: 0, timeout: 2_000 });
  try {
    return await ask(admin);
  } finally {
    await admin.close();
  }
}
