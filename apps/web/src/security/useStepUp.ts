import { AuthError } from '@latchkey/client';
import { useSession } from '@latchkey/react';
import { failureOf } from '../forms/failureOf.js';

/**
 * Makes a call that wants a recent sign-in. If the last one is too long ago, signs in again with the password that
 * the form has asked for anyway, and makes the call once more.
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

/** Of the name and the password of a sign-in, the form has asked for the password only. */
function blamePassword(error: unknown): never {
  const data = error instanceof AuthError ? error.data : undefined;
  if (data?.reason !== 'INVALID_CREDENTIALS') throw error;
  const fields = { password: ['This is not your password.'] };
  throw new AuthError('This is not your password.', { data: { ...data, fields }, cause: error });
}
