import { readFileSync } from 'node:fs';

/**
 * Whether this process is in a terminal's foreground group, whose members all get the
 * terminal's own Ctrl-C and hang-up. Answers false where /proc cannot tell.
 */
export function isTerminalForeground() {
  try {
    // The program's name, in parentheses, may itself hold spaces; the fields follow it.
    const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1);
    const [, , group, , , terminalGroup] = afterName.split(' ');
    return group === terminalGroup;
  } catch {
    return false;
  }
}
