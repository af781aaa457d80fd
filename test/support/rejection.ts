/** The error of a promise that must reject. A fulfilled promise fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const fulfilled = Symbol();
  const outcome = await promise.then(
    () => fulfilled,
    (error: unknown) => error,
  );
  if (outcome === fulfilled) throw new Error('expected a rejection');
  return outcome;
}
