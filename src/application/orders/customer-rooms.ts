import type { BasketItem } from '../../domain/basket.js';
import { Room } from './room.js';

/** Items beyond the first of each order that one customer may have at work at once: two large orders. */
const ROOM = 198;

/**
 * Takes the large orders of a customer one after another, so that whoever sends many at once waits
 * behind their own, and not everybody else. An order of one item waits for nothing.
 */
export class CustomerRooms {
  private readonly rooms = new Map<string, Room>();

  /** @throws the reason of `signal`, when it aborts before there is room */
  async within<T>(
    { userId, items }: { readonly userId: string; readonly items: readonly BasketItem[] },
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const room = this.rooms.get(userId) ?? new Room(ROOM);
    this.rooms.set(userId, room);
    try {
      return await room.within(items.length - 1, work, signal);
    } finally {
      if (room.isEmpty) this.rooms.delete(userId);
    }
  }
}
