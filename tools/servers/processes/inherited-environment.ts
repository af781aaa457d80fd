/** Variables that started programs inherit, if they are set. */
const INHERITED = ['PATH', 'TZ', 'NODE_COMPILE_CACHE'] as const;

/** The path of programs, the time zone, and Node's cache of compiled modules; all else is passed explicitly. */
export function inheritedEnvironment(): Record<string, string> {
  const present = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(present);
}
