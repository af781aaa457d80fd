import type { CommandLine, OptionsUsage } from '../../src/commands/command-line.js';

/** The options that are passed on to mocha. */
export const MOCHA_OPTIONS = {
  grep: {
    type: 'string',
    short: 'g',
    value: 'TEXT',
    says: 'only tests whose title matches this regular expression',
  },
  fgrep: { type: 'string', short: 'f', value: 'TEXT', says: 'only tests with this in the title' },
  invert: { type: 'boolean', short: 'i', says: 'the other tests' },
  bail: { type: 'boolean', short: 'b', says: 'stops at the first failure' },
} as const satisfies OptionsUsage;

export const MOCHA_SYNOPSIS = '[--grep TEXT | --fgrep TEXT] [--invert] [--bail]';

/** The same for mocha's command line. */
export function mochaOptions(values: CommandLine<typeof MOCHA_OPTIONS>['values']): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
}
