import { LaunchError } from '../failure.mjs';
import { projectRoot } from '../project-root.mjs';
import { runCommand } from '../run-command.mjs';
import { during } from './progress.mjs';

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Runs npm in `folder`; a progress line says `what` it is for. */
export async function runNpm(args, what, folder = projectRoot) {
  const code = await during(what, () =>
    runCommand('npm', [...args, ...QUIET], {
      cwd: folder,
      shell: process.platform === 'win32',
    }).catch((error) => {
      throw new LaunchError(`npm cannot be run: ${error.message}`, { cause: error });
    }),
  );
  if (code !== 0) {
    throw new LaunchError(`npm ${args[0]} failed with exit code ${code}; its output is above`);
  }
}
