import { askRedis } from '../../../../tools/servers/redis/ask-redis.js';
import type { Server } from '../../../../tools/servers/server.js';

/** A server of a Redis Cluster, as one server describes it. */
export interface ClusterNode {
  readonly id: string;
  readonly server: Server;
  readonly isMaster: boolean;
  /** For a replica: the id of its master. */
  readonly follows: string | undefined;
  /** The first and the last slot of each range. */
  readonly slots: readonly (readonly [number, number])[];
}

/** Every server that can be reached, as the first server that answers describes it. */
export async function clusterNodes(servers: readonly Server[]): Promise<ClusterNode[]> {
  for (const server of servers) {
    const text = await askRedis(server.url, ['CLUSTER', 'NODES']).catch(() => undefined);
    if (text !== undefined) return parse(String(text), servers);
  }
  throw new Error('no server of the cluster answers');
}

export async function ownerOf(slot: number, servers: readonly Server[]): Promise<ClusterNode> {
  const nodes = await clusterNodes(servers);
  const owner = nodes.find(({ slots }) => slots.some(([from, to]) => slot >= from && slot <= to));
  if (!owner) throw new Error(`nobody keeps slot ${slot}`);
  return owner;
}

/** https://redis.io/docs/latest/commands/cluster-nodes/ */
function parse(text: string, servers: readonly Server[]): ClusterNode[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [id = '', address = '', flags = '', follows, , , , link, ...slots] = line.split(' ');
      const port = /:(\d+)@/.exec(address)?.[1];
      const server = servers.find(({ url }) => new URL(url).port === port);
      if (!server || /fail|noaddr|handshake/.test(flags)) return [];
      if (link !== 'connected') return [];
      return [
        {
          id,
          server,
          isMaster: flags.includes('master'),
          follows: follows === '-' ? undefined : follows,
          // Slots that are being moved are in brackets.
          slots: slots.filter((range) => !range.startsWith('[')).map(rangeOf),
        },
      ];
    });
}

function rangeOf(text: string): [number, number] {
  const [from = '', to = from] = text.split('-');
  return [Number(from), Number(to)];
}
