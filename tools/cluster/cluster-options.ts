import { parseArgs } from 'node:util';

/** What `npm run cluster` was asked for. */
export interface ClusterOptions {
  readonly instances: number;
  /** Port of nginx; instance i listens on this less 5080, plus i. */
  readonly port: number;
  readonly way: 'docker' | 'local' | undefined;
  /** Otherwise each instance keeps its queue in its own memory. */
  readonly withKafka: boolean;
}

/** Said in one line, without a stack. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

const USAGE =
  'npm run cluster -- [--instances N] [--port N] [--docker | --local] [--without-kafka]';

/** nginx on 8080 has its instances on 3001, 3002, and so on; a second cluster's move with it. */
const PORT_DISTANCE = 5_080;
const MOST_INSTANCES = 9;

/** @throws ClusterError */
export function readOptions(args: readonly string[]): ClusterOptions {
  const values = parse(args);
  if (values.docker && values.local) throw new ClusterError('choose one of --docker and --local');
  const withKafka = !values['without-kafka'];
  if (values.docker && !withKafka) {
    throw new ClusterError('docker/compose.yml has Kafka; --without-kafka goes with --local');
  }
  return {
    withKafka,
    instances: wholeNumber('--instances', values.instances, 1, MOST_INSTANCES),
    port: wholeNumber('--port', values.port, PORT_DISTANCE + 1_024, 65_535),
    way: (values.docker && 'docker') || ((values.local || !withKafka) && 'local') || undefined,
  };
}

export function instancePort({ port }: Pick<ClusterOptions, 'port'>, number: number): number {
  return port - PORT_DISTANCE + number;
}

function parse(args: readonly string[]) {
  try {
    const options = {
      instances: { type: 'string', default: '2' },
      port: { type: 'string', default: '8080' },
      docker: { type: 'boolean', default: false },
      local: { type: 'boolean', default: false },
      'without-kafka': { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ClusterError(`${(error as Error).message}\nusage: ${USAGE}`);
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ClusterError(`${name} is a whole number from ${least} to ${most}, not '${text}'`);
}
