import { SalesRanking } from '../../domain/popularity/sales-ranking.js';

/** Keeps nothing, so every ranking is computed from the orders and no server is needed. */
export class UnkeptRanking extends SalesRanking {
  override async record(): Promise<void> {}

  override async top(): Promise<undefined> {}

  override async buyers(): Promise<undefined> {}

  override async rebuild(): Promise<undefined> {}
}
