/** Variables that started programs inherit, if they are set. */
const INHERITED = ['PATH', 'TZ'] as const;

/** The path of programs and the time zone; everything else is passed explicitly. */
export function inheritedEnvironment(): Record<string, string> {
  const present = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(present);
}
