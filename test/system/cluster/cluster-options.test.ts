import { expect } from 'chai';
import { readCommandLine, UsageError } from '../../../src/commands/command-line.js';
import { CLUSTER_USAGE, readOptions } from '../../../tools/cluster/cluster-options.js';

describe('The options of npm run cluster', () => {
  it('start two instances, nginx on 8080 and Kafka, with Docker or local programs, whichever the machine has', () => {
    expect(options([])).to.deep.equal({
      instances: 2,
      port: 8080,
      way: undefined,
      withKafka: true,
      withMetrics: false,
      watch: false,
      replicated: false,
      redisCluster: false,
    });
  });

  it('without Kafka use the programs of this machine', () => {
    expect(options(['--without-kafka'])).to.include({ way: 'local', withKafka: false });
    expect(() => options(['--without-kafka', '--docker'])).to.throw(UsageError, /Kafka/);
  });

  it('with several servers of each engine use the programs of this machine, and three instances', () => {
    expect(options(['--replicated'])).to.include({ way: 'local', replicated: true, instances: 3 });
    expect(options(['--replicated', '--instances', '2'])).to.include({ instances: 2 });
    expect(() => options(['--replicated', '--without-kafka'])).to.throw(UsageError, /Kafka/);
    expect(() => options(['--redis-cluster'])).to.throw(UsageError, /--replicated/);
  });

  it('with several servers of each engine use Docker where it is named', () => {
    const inDocker = ['--replicated', '--docker'];
    expect(options(inDocker)).to.include({ way: 'docker', replicated: true, instances: 3 });
    expect(() => options([...inDocker, '--redis-cluster'])).to.throw(UsageError, /Redis Cluster/);
    expect(() => options([...inDocker, '--with-metrics'])).to.throw(UsageError, /Prometheus/);
  });

  it('name the wrong option in the error', () => {
    expect(() => options(['--kafka'])).to.throw(UsageError, /--kafka/);
    expect(() => options(['--docker', '--local'])).to.throw(UsageError, /choose one/);
    expect(() => options(['--instances', '0'])).to.throw(UsageError, /from 1 to 9/);
  });
});

function options(args: readonly string[]) {
  return readOptions(readCommandLine(CLUSTER_USAGE, args).values);
}
