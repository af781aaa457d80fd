import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Any will do: each of these clusters has one node and a folder of its own. */
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qg';

export interface KafkaStorage {
  /** Where the jars are, and beside them what a first format has written. */
  readonly jars: string;
  readonly java: readonly string[];
  readonly properties: string;
  readonly data: string;
}

/**
 * Formats an empty folder for one node. What that writes names neither the folder nor a port, so it
 * is kept and copied: the tool is a process of Java's, and costs a third of a start.
 */
export async function formatStorage(storage: KafkaStorage): Promise<void> {
  const kept = path.join(storage.jars, 'formatted');
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

/** Whole or not at all, also when two processes format at once. */
async function keep(data: string, kept: string): Promise<void> {
  const unfinished = `${kept}.${process.pid}`;
  await cp(data, unfinished, { recursive: true });
  await rename(unfinished, kept).catch(() => rm(unfinished, { recursive: true, force: true }));
}
