import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { projectRoot } from '../project-root.js';

const BUILD = path.join(projectRoot, 'dist');

/** Programs that a run of all tests starts often, in the folder of the build. */
const PROGRAMS = [
  'src/main.js',
  'src/commands/migrate.js',
  'src/commands/popular.js',
  'src/commands/seed.js',
  'src/commands/token.js',
  'src/experiments/lab/child/lab-process.js',
  'test/system/faults/card-saga/mortal-instance-process.js',
  'test/system/faults/fuzz/fuzz-process.js',
];

/** Beside the build, so that packages which stay outside are found from there. */
const FOLDER = path.join(BUILD, 'bundle');

/**
 * Puts these programs and their packages into few files, at the same paths in another folder, which it
 * returns. An instance has 1,900 modules, and Node needs a second of processor time to find and link them;
 * with the bundle it needs a third of that. A run of all tests starts some hundred processes.
 */
export async function bundlePrograms(): Promise<string> {
  const build = await rolldown({
    input: Object.fromEntries(
      PROGRAMS.map((program) => [program.replace(/\.js$/, ''), path.join(BUILD, program)]),
    ),
    platform: 'node',
    plugins: [keepPlaces],
    // Packages load others only where these are installed, such as Sequelize the drivers of its databases.
    onLog: (level, log, report) => {
      if (log.code !== 'UNRESOLVED_IMPORT' && log.code !== 'EVAL') report(level, log);
    },
  });
  await build.write({ dir: FOLDER, cleanDir: true, keepNames: true });
  await build.close();
  return FOLDER;
}

/** Modules find scripts, pages and threads beside their own file, but programs in the bundle. */
const keepPlaces: Plugin = {
  name: 'keep-places',
  transform: {
    filter: { code: /import\.meta\.|__dirname|__filename/ },
    handler: (code, file) =>
      code
        .replaceAll(/new URL\('([^']+\.js)', import\.meta\.url\)/g, (found, name: string) => {
          const program = path.relative(BUILD, path.resolve(path.dirname(file), name));
          const url = pathToFileURL(path.join(FOLDER, program)).href;
          return PROGRAMS.includes(program) ? `new URL(${JSON.stringify(url)})` : found;
        })
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll(/import\.meta\.dirname|\b__dirname\b/g, JSON.stringify(path.dirname(file)))
        .replaceAll(/import\.meta\.filename|\b__filename\b/g, JSON.stringify(file)),
  },
};
