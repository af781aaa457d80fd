/** What programs that are started here take over of this environment, where it is set. */
const INHERITED = ['PATH', 'TZ'] as const;

/** Where programs are found and which time zone counts; everything else is told on purpose. */
export function inheritedEnvironment(): Record<string, string> {
  const present = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(present);
}
