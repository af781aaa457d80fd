export type Role = 'customer' | 'admin';

/** Who sent the request, by their token. */
export interface Caller {
  readonly userId: string;
  readonly role: Role;
}
