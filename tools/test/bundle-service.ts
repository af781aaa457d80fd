import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { projectRoot, serviceProgram } from '../project-root.js';

const PROGRAM = serviceProgram();
/** Beside the build, so that packages which stay outside are found from there. */
const FOLDER = path.join(projectRoot, 'dist', 'bundle');

/**
 * Puts the service and its packages into few files, and returns the program. An instance has 1,900
 * modules, and Node needs a second of processor time to find and link them; with the bundle it needs a third
 * of that. A run of all tests starts some hundred instances.
 */
export async function bundleService(): Promise<string> {
  const build = await rolldown({
    input: PROGRAM,
    platform: 'node',
    plugins: [keepPlaces],
    // Packages load others only where these are installed, such as Sequelize the drivers of its databases.
    onLog: (level, log, report) => {
      if (log.code !== 'UNRESOLVED_IMPORT' && log.code !== 'EVAL') report(level, log);
    },
  });
  await build.write({ dir: FOLDER, cleanDir: true, keepNames: true });
  await build.close();
  return path.join(FOLDER, path.basename(PROGRAM));
}

/** Modules find scripts, pages and threads beside their own file, not beside the bundle. */
const keepPlaces: Plugin = {
  name: 'keep-places',
  transform: {
    filter: { code: /import\.meta\.|__dirname|__filename/ },
    handler: (code, file) =>
      code
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll(/import\.meta\.dirname|\b__dirname\b/g, JSON.stringify(path.dirname(file)))
        .replaceAll(/import\.meta\.filename|\b__filename\b/g, JSON.stringify(file)),
  },
};
