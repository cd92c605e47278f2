let commonPasswords: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether a password is one of the 49,233 most used ones (17,950 of 8 characters or more), upper or lower case.
 *
 * The first call loads the list (30 ms), so that the start does not wait for it and a browser fetches it only when a
 * person chooses a password.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  commonPasswords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map(String)),
  );
  return (await commonPasswords).has(password.toLowerCase());
}
