const MIN_SECRET_BYTES = 32;

/** @throws Error naming the option and its length, never its value */
export function assertSecret(option: string, secret: string): void {
  const bytes = Buffer.byteLength(secret);
  if (bytes >= MIN_SECRET_BYTES) return;
  throw new Error(
    `${option} has ${bytes} bytes; at least ${MIN_SECRET_BYTES} bytes are needed (openssl rand -base64 32).`,
  );
}
