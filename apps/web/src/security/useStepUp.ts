import { AuthError } from '@latchkey/client';
import { useSession } from '@latchkey/react';
import { failureOf } from '../forms/failureOf.js';

/**
 * Makes a call that needs a recent sign-in. If the last sign-in is too long ago, signs in again with the password of
 * the form and repeats the call once.
 */
export function useStepUp() {
  const { user, login } = useSession();
  return async <T>(password: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (!user || failureOf(error).reason !== 'STEP_UP_REQUIRED') throw error;
      await login({ identifier: user.username, password }).catch(blamePassword);
      return call();
    }
  };
}

/** Blames the password alone, because the form does not ask for a name. */
function blamePassword(error: unknown): never {
  const data = error instanceof AuthError ? error.data : undefined;
  if (data?.reason !== 'INVALID_CREDENTIALS') throw error;
  const fields = { password: ['This is not your password.'] };
  throw new AuthError('This is not your password.', { data: { ...data, fields }, cause: error });
}
