import type { BasketItem } from '../../domain/orders/basket.js';
import { LARGEST_ORDER, Room } from './room.js';

/**
 * Takes the large orders of a customer one after another, so that whoever sends many at once waits
 * behind their own, and not everybody else. An order of one item waits for nothing.
 */
export class CustomerRooms {
  private readonly rooms = new Map<string, Room>();

  /** @throws the reason of `signal`, when it aborts before there is room */
  within<T>(
    { userId, items }: { readonly userId: string; readonly items: readonly BasketItem[] },
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const size = items.length - 1;
    return size === 0 ? work() : this.roomOf(userId).within(size, work, signal);
  }

  private roomOf(userId: string): Room {
    let room = this.rooms.get(userId);
    if (!room) {
      room = new Room(LARGEST_ORDER, () => this.rooms.delete(userId));
      this.rooms.set(userId, room);
    }
    return room;
  }
}
