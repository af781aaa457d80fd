import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Plain JavaScript, since a fresh clone fetches while nothing is installed or built yet. */
export const KAFKA_VERSION = '4.1.1';

const run = promisify(execFile);
const DOWNLOAD_TIMEOUT_MS = 600_000;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lockstep</groupId><artifactId>kafka-jars</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Where the jars stay between runs: the user's own cache folder. */
function cacheFolder() {
  const caches = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(caches, 'lockstep', `kafka-${KAFKA_VERSION}`);
}

export function areKafkaJarsCached() {
  return existsSync(cacheFolder());
}

let fetching;

/** Folder with Kafka and all it needs; fetched by Maven once, and then kept. */
export function kafkaJars(maven = 'mvn') {
  if (areKafkaJarsCached()) return Promise.resolve(cacheFolder());
  fetching ??= fetchJars(maven).finally(() => {
    fetching = undefined;
  });
  return fetching;
}

async function fetchJars(maven) {
  process.stderr.write(`fetching Kafka ${KAFKA_VERSION} by Maven, needed once\n`);
  const folder = cacheFolder();
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    writeFileSync(path.join(unfinished, 'pom.xml'), POM);
    const args = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    await run(maven, [...args, '-DoutputDirectory=.'], {
      cwd: unfinished,
      timeout: DOWNLOAD_TIMEOUT_MS,
    });
    // Appears whole or not at all, also when two processes fetch at once.
    if (!existsSync(folder)) renameSync(unfinished, folder);
    return folder;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
