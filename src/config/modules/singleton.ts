import type { Bind, MapToResolvedValueInjectOptions, ServiceIdentifier } from 'inversify';

/**
 * Binds a class to one instance made of these dependencies. It stands in for decorators, so that
 * business code knows nothing of its container.
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
