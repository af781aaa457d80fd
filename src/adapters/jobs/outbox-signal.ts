/** Tells a loop that there is something to do, whichever of the two is made first. */
export class OutboxSignal {
  private listener: (() => void) | undefined;

  readonly call = (): void => this.listener?.();

  onCall(listener: () => void): void {
    this.listener = listener;
  }
}
