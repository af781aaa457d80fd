/** The client disconnected before its response was ready. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}
