let commonPasswords: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether a password, in any case, is one of the 49,233 most used ones, of which 17,950 have 8 characters or more.
 *
 * The list is loaded by the first call (30 ms, once), so that neither the start nor any other request waits for it
 * and a browser fetches it only where a password is chosen.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  commonPasswords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map(String)),
  );
  return (await commonPasswords).has(password.toLowerCase());
}
