import type { CommandSender } from './command-client.js';
import { RedisScript } from './redis-script.js';

const script = RedisScript.load(new URL('./scripts/', import.meta.url), 'missing-rights');

/** What the names of all keys and channels begin with. The braces keep keys in one slot of a cluster. */
const PREFIXES = ['lockstep:', '{lockstep:'] as const;

/** Commands of the scripts and of the clients. `NAME` stands for a key. */
export const KEY_COMMANDS = [
  ...['EVAL text 1 NAME', 'EVALSHA sha 1 NAME', 'EXISTS NAME', 'TYPE NAME'],
  ...['DEL NAME', 'UNLINK NAME', 'PTTL NAME', 'PEXPIRE NAME 1', 'PEXPIREAT NAME 1'],
  ...['GET NAME', 'MGET NAME', 'SET NAME 1', 'INCRBY NAME 1'],
  ...['HGET NAME field', 'HMGET NAME field', 'HSET NAME field 1'],
  ...['SADD NAME member', 'SUNIONSTORE NAME NAME'],
  ...['ZADD NAME 1 member', 'ZCARD NAME', 'ZINCRBY NAME 1 member', 'ZMSCORE NAME member'],
  ...['ZPOPMIN NAME', 'ZRANGE NAME 0 0', 'ZRANGEBYSCORE NAME 0 0', 'ZREVRANGEBYSCORE NAME 0 0'],
  ...['ZREM NAME member', 'ZREMRANGEBYSCORE NAME 0 0', 'ZUNIONSTORE NAME 1 NAME'],
];

/** The same for a channel. */
export const CHANNEL_COMMANDS = ['PUBLISH NAME message', 'SUBSCRIBE NAME'];

export const OTHER_COMMANDS = ['INFO', 'TIME', 'PUBSUB NUMSUB', 'UNSUBSCRIBE'];

/**
 * The rights that this user needs and does not have, as the words of `ACL SETUSER`: `+get`,
 * `~lockstep:*`, `&lockstep:*`. Empty when nothing is missing.
 *
 * @throws the error of Redis or of the connection; NOPERM when the user may run no script
 */
export async function missingRights(client: CommandSender): Promise<readonly string[]> {
  const named = [...KEY_COMMANDS, ...CHANNEL_COMMANDS];
  const checks = [...OTHER_COMMANDS, ...PREFIXES.flatMap((prefix) => named.map(inFull(prefix)))];
  const refused = new Set((await script.send(client, [], checks)) as string[]);
  return [
    ...OTHER_COMMANDS.filter((command) => refused.has(command)).map(commandRight),
    ...missingOnNames(KEY_COMMANDS, '~', refused),
    ...missingOnNames(CHANNEL_COMMANDS, '&', refused),
  ];
}

/** Every right that the service needs. */
export const REQUIRED_RIGHTS: readonly string[] = [
  ...PREFIXES.map((prefix) => `~${prefix}*`),
  ...PREFIXES.map((prefix) => `&${prefix}*`),
  ...[...KEY_COMMANDS, ...CHANNEL_COMMANDS, ...OTHER_COMMANDS].map(commandRight),
];

/**
 * A prefix under which every command is refused is missing itself. Under the others, a refused
 * command is missing.
 */
function missingOnNames(
  commands: readonly string[],
  sign: '~' | '&',
  refused: ReadonlySet<string>,
): string[] {
  const isRefused = (command: string, prefix: string) => refused.has(inFull(prefix)(command));
  const usable = PREFIXES.filter((prefix) => !commands.every((each) => isRefused(each, prefix)));
  const lost = commands.filter((command) => usable.some((prefix) => isRefused(command, prefix)));
  const names = PREFIXES.filter((prefix) => !usable.includes(prefix));
  return [...lost.map(commandRight), ...names.map((prefix) => `${sign}${prefix}*`)];
}

function inFull(prefix: string) {
  return (command: string) => command.replaceAll('NAME', `${prefix}rights`);
}

/** `+get` for `GET NAME`; `+pubsub|numsub` for the subcommand. */
function commandRight(command: string): string {
  const [name = '', subcommand = ''] = command.toLowerCase().split(' ');
  return name === 'pubsub' ? `+${name}|${subcommand}` : `+${name}`;
}
