import type { Bind, MapToResolvedValueInjectOptions, ServiceIdentifier } from 'inversify';

/**
 * Binds a class to one instance, made from these dependencies. It replaces decorators, so that business
 * code does not know its container.
 */
export function singleton<T, Args extends unknown[]>(
  bind: Bind,
  type: ServiceIdentifier<T>,
  Class: new (...args: Args) => T,
  dependencies: MapToResolvedValueInjectOptions<Args>,
): void {
  const make = (...args: Args): T => new Class(...args);
  bind<T>(type).toResolvedValue<Args>(make, dependencies).inSingletonScope();
}
