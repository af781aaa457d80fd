import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { KAFKA_VERSION } from '../../../tools/servers/kafka/kafka-jars.mjs';
import { startKafka } from '../../../tools/servers/kafka/start-kafka.js';
import { AT_ONCE, withAdmin } from '../../../tools/servers/kafka/with-admin.js';
import { ServerUnavailableError } from '../../../tools/servers/server.js';
import { rejection } from '../../support/rejection.js';

describe('A Kafka that was started', function () {
  this.timeout(240_000);

  it('keeps its topics across a stop and a start, and is removed when it is closed', async () => {
    await using kafka = await startKafka({ sources: ['docker', 'binary'] });
    await withAdmin(
      kafka.brokers,
      (admin) => admin.createTopics({ topics: ['kept'], partitions: 3, replicas: 1 }),
      AT_ONCE,
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

describe('A Kafka that cannot be started', () => {
  const { PATH, XDG_CACHE_HOME } = process.env;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-no-kafka-'));
    process.env['XDG_CACHE_HOME'] = folder;
  });

  afterEach(() => {
    Object.assign(process.env, { PATH });
    if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Adds a program that fails before those of the machine on the PATH. */
  function plant(name: string, says: string): void {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho '${says}'\nexit 1\n`);
    chmodSync(file, 0o755);
    process.env['PATH'] = `${folder}${path.delimiter}${PATH}`;
  }

  it('says in one line that Maven cannot fetch it', async () => {
    plant('java', 'never run');
    plant('mvn', '[ERROR] Unknown host');
    const error = await rejection(startKafka({ sources: ['binary'] }));
    expect(error).to.be.instanceOf(ServerUnavailableError);
    expect((error as Error).message).to.equal(
      'Kafka could not be fetched by Maven: [ERROR] Unknown host',
    );
  });

  it('says in one line that Java is too old', async () => {
    mkdirSync(path.join(folder, 'lockstep', `kafka-${KAFKA_VERSION}`), { recursive: true });
    plant('java', 'Error: UnsupportedClassVersionError');
    const error = await rejection(startKafka({ sources: ['binary'] }));
    expect(error).to.be.instanceOf(ServerUnavailableError);
    expect((error as Error).message).to.match(/^Kafka, which needs Java 17 .*: Error: Unsupp.*$/);
  });
});

function topics(brokers: string): Promise<string[]> {
  return withAdmin(brokers, (admin) => admin.listTopics(), AT_ONCE);
}
