import type { ReplicatedServers } from '../../../../tools/cluster/cluster-servers.js';
import type { LocalCluster } from '../../../../tools/cluster/local-cluster.js';
import type { KafkaBrokers } from '../../../../tools/cluster/replicated/brokers.js';
import { withAdmin } from '../../../../tools/servers/kafka/with-admin.js';
import { withConnection } from '../../../../tools/servers/mysql/mysql-connection.js';
import { askRedis } from '../../../../tools/servers/redis/ask-redis.js';
import type { Server } from '../../../../tools/servers/server.js';

/** A process that can be broken, and repaired again. */
export interface Victim {
  stop(how: 'abruptly'): Promise<void>;
  start(): Promise<void>;
  pause(): void | Promise<void>;
  resume(): void | Promise<void>;
}

/** Finds the process of each kind that has the role now. */
export interface Victims {
  readonly kinds: ReadonlyMap<string, () => Promise<Victim>>;
  /** Cuts the writer off from the other members, while clients still reach it. */
  partition(): Promise<{ mend(): Promise<void> }>;
}

export function victimsOf(cluster: LocalCluster): Victims {
  const replicated = cluster.replicated;
  if (!replicated) throw new Error('the cluster is not replicated');
  const { galera, sentinels } = replicated;
  return {
    kinds: new Map<string, () => Promise<Victim>>([
      ['Galera writer', () => galera.writer()],
      [
        'Galera reserve',
        async () => {
          const writer = await galera.writer();
          return galera.members.find((member) => member !== writer) as Server;
        },
      ],
      ['Redis master', () => redisMaster(replicated)],
      ['Sentinel', async () => sentinels[0] as Server],
      ['leading broker', () => leadingBroker(cluster)],
      ['instance', async () => cluster.instances[0] as Victim],
      ['nginx', async () => cluster.proxy],
    ]),
    async partition() {
      const { url } = await galera.writer();
      await isolate(url, 1);
      return { mend: () => isolate(url, 0) };
    },
  };
}

async function isolate(url: string, value: 0 | 1): Promise<void> {
  const sql = `SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${value}'`;
  await withConnection(url, (connection) => connection.query(sql));
}

async function redisMaster({ redis, sentinels }: ReplicatedServers): Promise<Server> {
  const asked = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'lockstep'];
  const [, port] = (await askRedis(sentinels[0]?.url ?? '', asked)) as string[];
  return redis.find(({ url }) => new URL(url).port === port) as Server;
}

/** The broker that leads the first partition of the order requests. */
async function leadingBroker({ kafka }: LocalCluster): Promise<Server> {
  const { all, brokers } = kafka as KafkaBrokers;
  const metadata = await withAdmin(brokers, async (admin) => {
    const topics = (await admin.listTopics()).filter((name) => name.endsWith('.order-requests'));
    return admin.metadata({ topics });
  });
  const leader = [...metadata.topics.values()][0]?.partitions[0]?.leader ?? 1;
  return all[leader - 1] as Server;
}
