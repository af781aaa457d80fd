import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Any id works: each cluster has its own folders. */
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qg';

export interface KafkaStorage {
  /** Folder of the jars and of the template that the first format wrote. */
  readonly jars: string;
  readonly java: readonly string[];
  readonly properties: string;
  readonly data: string;
  readonly nodeId: string;
}

/**
 * Formats an empty folder for one node. The result contains neither the folder nor a port, so it is
 * stored and copied: the tool is a Java process, which takes a third of a start.
 */
export async function formatStorage(storage: KafkaStorage): Promise<void> {
  // The node's id is in the folder.
  const suffix = storage.nodeId === '1' ? '' : `-${storage.nodeId}`;
  const kept = path.join(storage.jars, `formatted${suffix}`);
  if (existsSync(kept)) {
    await cp(kept, storage.data, { recursive: true });
    return;
  }
  const { java, jars, properties, data } = storage;
  const [program = 'java', ...flags] = java;
  const format = ['format', '--cluster-id', CLUSTER_ID, '--config', properties];
  const tool = ['-cp', path.join(jars, '*'), 'kafka.tools.StorageTool', ...format];
  await run(program, [...flags, ...tool]);
  await keep(data, kept);
}

/** Atomic, also when two processes format at the same time. */
async function keep(data: string, kept: string): Promise<void> {
  const unfinished = `${kept}.${process.pid}`;
  await cp(data, unfinished, { recursive: true });
  await rename(unfinished, kept).catch(() => rm(unfinished, { recursive: true, force: true }));
}
