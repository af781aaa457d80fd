/*
 * A lock key names what it protects, never the feature. Charge, pay and refund all use the key of
 * the wallet, so they exclude each other. Two users never wait for each other.
 */

/**
 * Most lock keys of one unit of work: an order of 100 products, its wallet, and a reserve. With
 * more keys a unit would make too many other requests wait.
 */
export const MOST_LOCK_KEYS = 200;

export const stockKey = (productId: string): string => `stock:${productId}`;
export const walletKey = (userId: string): string => `wallet:${userId}`;
export const orderKey = (orderId: string): string => `order:${orderId}`;
export const reservationKey = (reservationId: string): string => `reservation:${reservationId}`;
export const sweeperLeaseKey = (name: string): string => `duty:${name}`;
export const productKey = (productId: string): string => `product:${productId}`;

/** Cached resource: the list of products by category, without the products themselves. */
export const CATALOGUE = 'products';
