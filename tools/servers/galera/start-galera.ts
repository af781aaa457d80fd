import { randomBytes } from 'node:crypto';
import { findQuietPort } from '../free-port.js';
import { haproxyKind } from '../haproxy/haproxy-kind.js';
import { askMysql } from '../mysql/mysql-connection.js';
import type { Server } from '../server.js';
import { bringUp } from '../sources/bring-up.js';
import { expectSynced, galeraKind } from './galera-kind.js';

const MEMBERS = 3;
const WATCHER = 'watcher';

/** A Galera cluster behind an haproxy that leads to one member, the writer. */
export interface GaleraCluster extends AsyncDisposable {
  readonly members: readonly Server[];
  /** Its address leads to the writer. */
  readonly haproxy: Server;
  /** The member that haproxy leads to now. */
  writer(): Promise<Server>;
  /** @throws Error a member is missing, or lacks writes */
  expectWhole(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts three members of MariaDB, one after the other, because each copies the data of another.
 *
 * @throws ServerUnavailableError a program or the library of Galera is missing
 */
export async function startGalera({
  logFolder,
}: {
  readonly logFolder?: string;
} = {}): Promise<GaleraCluster> {
  await using opened = new AsyncDisposableStack();
  const password = randomBytes(12).toString('hex');
  const groupPorts = await Promise.all(Array.from({ length: MEMBERS }, findQuietPort));
  const from = { sources: ['binary'] as const, ...(logFolder !== undefined && { logFolder }) };
  const members: Server[] = [];
  for (let number = 1; number <= MEMBERS; number += 1) {
    const copyPorts = [await findQuietPort(), await findQuietPort()] as const;
    const kind = galeraKind({ number, password, watcher: WATCHER, groupPorts, copyPorts });
    members.push(opened.use(await bringUp(kind, { ...from, port: await findQuietPort() })));
  }
  const ports = members.map(portOf);
  const kind = haproxyKind({ ports, watcher: WATCHER, password });
  const haproxy = opened.use(await bringUp(kind, { ...from, port: await findQuietPort() }));
  const writer = async () => {
    const row = await askMysql(haproxy.url, 'SELECT @@port AS port');
    const port = Number(row?.['port']);
    const found = members.find((member) => portOf(member) === port);
    if (!found) throw new Error(`no member has port ${port}`);
    return found;
  };
  const expectWhole = async () =>
    void (await Promise.all(members.map(({ url }) => expectSynced(url))));
  const owned = opened.move();
  const close = () => owned.disposeAsync();
  return { members, haproxy, writer, expectWhole, close, [Symbol.asyncDispose]: close };
}

function portOf({ url }: Server): number {
  return Number(new URL(url).port);
}
