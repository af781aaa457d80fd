/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Id of the last item when more follow, else null. */
  readonly nextAfter: string | null;
}

export interface PageRequest {
  /** 1 to 100 items. */
  readonly limit: number;
  /** Continues behind the item with this id. */
  readonly after?: string | undefined;
}
