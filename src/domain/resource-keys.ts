/*
 * Lock keys name the thing protected, never the feature: charge, pay and refund all take
 * the wallet's key, so they exclude each other, and two users never wait for each other.
 */

/**
 * Lock keys of one unit of work at most: an order of 100 products, its wallet and a reserve. A unit
 * that took more keys would make other requests wait for each of them.
 */
export const MAX_LOCK_KEYS = 200;

export const stockKey = (productId: string): string => `stock:${productId}`;
export const walletKey = (userId: string): string => `wallet:${userId}`;
export const orderKey = (orderId: string): string => `order:${orderId}`;
export const reservationKey = (reservationId: string): string => `reservation:${reservationId}`;
export const sweeperLeaseKey = (name: string): string => `sweeper-lease:${name}`;
export const productKey = (productId: string): string => `product:${productId}`;

/** Cached resource: the list of products by category, without the products themselves. */
export const CATALOGUE = 'products';
