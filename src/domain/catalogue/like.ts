/** What a user likes; there or not, however often they say so. */
export interface Like {
  readonly productId: string;
  readonly userId: string;
}

/** A user's last word on a product. */
export interface LikeChange extends Like {
  readonly liked: boolean;
}
