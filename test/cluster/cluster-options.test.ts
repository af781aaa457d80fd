import { expect } from 'chai';
import { ClusterError, readOptions } from '../../tools/cluster/cluster-options.js';

describe('The options of npm run cluster', () => {
  it('bring two instances, nginx on 8080 and Kafka, in whichever way the machine has', () => {
    expect(readOptions([])).to.deep.equal({
      instances: 2,
      port: 8080,
      way: undefined,
      withKafka: true,
    });
  });

  it('without Kafka mean this machine’s own programs', () => {
    expect(readOptions(['--without-kafka'])).to.include({ way: 'local', withKafka: false });
    expect(() => readOptions(['--without-kafka', '--docker'])).to.throw(ClusterError, /Kafka/);
  });

  it('say how they are used when one is wrong', () => {
    expect(() => readOptions(['--kafka'])).to.throw(ClusterError, /usage: npm run cluster/);
    expect(() => readOptions(['--docker', '--local'])).to.throw(ClusterError, /choose one/);
    expect(() => readOptions(['--instances', '0'])).to.throw(ClusterError, /from 1 to 9/);
  });
});
