/** A user likes a product. There is at most one like for each user and product. */
export interface Like {
  readonly productId: string;
  readonly userId: string;
}

/** The latest choice of a user for a product. */
export interface LikeChange extends Like {
  readonly liked: boolean;
}
