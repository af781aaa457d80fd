/** Collects what must be closed when the instance stops; the last one opened closes first. */
export type Resources = Pick<AsyncDisposableStack, 'defer'>;
