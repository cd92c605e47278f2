import { useSession } from '@latchkey/react';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { failureOf } from '../forms/failureOf.js';
import { trpc } from '../trpc.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { TextLink } from '../ui/TextLink.js';
import { AuthCard } from './AuthCard.js';

/** Opened by the link in a verification mail. A button redeems the link, because mail filters open links. */
export function VerifyEmailPage(): ReactNode {
  const { token = '' } = useSearch({ from: '/verify-email' });
  const { user, refresh } = useSession();
  const verify = useMutation(
    trpc.auth.email.verify.mutationOptions({
      // Shows the new state in this browser at once.
      onSuccess: () => (user ? refresh() : undefined),
    }),
  );
  return (
    <AuthCard title="Verify your e-mail">
      <div role="alert" className="empty:hidden">
        {verify.isError && <Notice kind="wrong">{failureOf(verify.error).message}</Notice>}
        {verify.isSuccess && <Notice kind="good">This address is verified. Thank you.</Notice>}
      </div>
      {verify.isSuccess ? (
        <TextLink to={user ? '/security' : '/sign-in'}>Continue</TextLink>
      ) : (
        <>
          <p className="text-soft">Confirm that you requested this and that the address is yours.</p>
          <Button look="primary" busy={verify.isPending} onClick={() => verify.mutate({ token })}>
            Verify this address
          </Button>
        </>
      )}
    </AuthCard>
  );
}
