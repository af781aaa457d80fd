/** What must be closed when the instance stops, the last opened first. */
export type Resources = Pick<AsyncDisposableStack, 'defer'>;
