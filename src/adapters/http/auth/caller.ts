export type Role = 'customer' | 'admin';

/** The user who sent the request, as their token says. */
export interface Caller {
  readonly userId: string;
  readonly role: Role;
}
