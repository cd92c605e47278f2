/** The role that the `admin` procedures ask for. */
export const ADMIN_ROLE = 'admin';

const ROLE = /^[\w:-]{1,32}$/;

/**
 * Refuses roles that do not fit a token or a log.
 *
 * @throws Error
 */
export function assertRoles(roles: readonly string[]): void {
  if (roles.every((role) => ROLE.test(role))) return;
  throw new Error('A role must be 1 to 32 of letters, digits, "_", "-" and ":".');
}
