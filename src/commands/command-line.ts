import { parseArgs } from 'node:util';

/** An option of a command: `--name`, with a value unless it is a boolean. */
export interface OptionUsage {
  readonly type: 'string' | 'boolean';
  /** Its short form: one letter after `-`. */
  readonly short?: string;
  /** The name of the value in the help, such as `N`. */
  readonly value?: string;
  readonly default?: string;
  readonly says: string;
}

/** How a command is called; its help is made from this. */
export interface CommandUsage<O extends OptionsUsage = OptionsUsage> {
  /** The command as a user types it, such as `npm run token`. */
  readonly command: string;
  /** Its arguments: `--user U [--role admin]`. */
  readonly synopsis: string;
  readonly does: string;
  /** Whether it takes words that are not options. */
  readonly takesWords?: boolean;
  readonly options: O;
  /** Arguments of one example each. */
  readonly examples: readonly string[];
}

/** The arguments of a call; an option that was not given has its default. */
export interface CommandLine<O extends OptionsUsage> {
  readonly values: {
    readonly [Name in keyof O]: O[Name]['type'] extends 'boolean'
      ? boolean
      : O[Name] extends { readonly default: string }
        ? string
        : string | undefined;
  };
  readonly words: readonly string[];
  readonly asksForHelp: boolean;
}

export type OptionsUsage = Readonly<Record<string, OptionUsage>>;

/** The command was called with wrong arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const HELP = {
  type: 'boolean',
  short: 'h',
  says: 'shows this help and does nothing else',
} as const satisfies OptionUsage;

/** @throws UsageError an unknown option, an option without its value, or an unexpected word */
export function readCommandLine<O extends OptionsUsage>(
  { options, takesWords = false }: CommandUsage<O>,
  args: readonly string[],
): CommandLine<O> {
  try {
    const known: OptionsUsage = { ...options, help: HELP };
    const flags = Object.keys(options).filter((name) => options[name]?.type === 'boolean');
    const { values, positionals } = parseArgs({
      args: [...args],
      options: known,
      allowPositionals: takesWords,
    });
    const { help, ...given } = values;
    const all = { ...Object.fromEntries(flags.map((name) => [name, false])), ...given };
    return { values: all as CommandLine<O>['values'], words: positionals, asksForHelp: !!help };
  } catch (error) {
    // Node adds advice to its message; the first sentence names the option.
    throw new UsageError((error as Error).message.split(/\.? To specify |\. |\n/, 1)[0]);
  }
}

/** What `--help` prints. */
export function helpOf({ command, synopsis, does, options, examples }: CommandUsage): string {
  const call = (words: string) => `${command}${words && ` -- ${words}`}`;
  const rows = Object.entries({ ...options, help: HELP } satisfies OptionsUsage).map(
    ([name, option]) => [labelOf(name, option), describe(option)] as const,
  );
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    call(synopsis),
    `\n${does}`,
    '\nOptions',
    ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    '\nExamples',
    ...examples.map((example) => `  ${call(example)}`),
  ].join('\n');
}

function labelOf(name: string, { short, value }: OptionUsage): string {
  return `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;
}

function describe({ says, default: usual }: OptionUsage): string {
  return usual ? `${says} (default: ${usual})` : says;
}
