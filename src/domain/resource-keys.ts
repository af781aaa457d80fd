/*
 * Lock keys name the thing protected, never the feature: charge, pay and refund all take
 * the wallet's key, so they exclude each other, and two users never wait for each other.
 */

export const stockKey = (productId: string): string => `stock:${productId}`;
export const walletKey = (userId: string): string => `wallet:${userId}`;
export const orderKey = (orderId: string): string => `order:${orderId}`;
export const reservationKey = (reservationId: string): string => `reservation:${reservationId}`;
export const dutyKey = (name: string): string => `duty:${name}`;
export const productKey = (productId: string): string => `product:${productId}`;

/** Cached alone: which products there are, and in which category; not what each is like. */
export const CATALOGUE = 'products';
