/** What `start` answers, or a rejection where it throws: an async function costs a promise more. */
export function rejectOnThrow<T>(start: () => Promise<T>): Promise<T> {
  try {
    return start();
  } catch (error) {
    return Promise.reject(error);
  }
}
