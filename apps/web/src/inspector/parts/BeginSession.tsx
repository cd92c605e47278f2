import { useSession } from '@latchkey/react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { session } from '../../api.js';
import { Button, buttonClass } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';

function words(count: number) {
  return crypto.getRandomValues(new Uint32Array(count)).join('-');
}

/** Registers somebody who needs to be nobody in particular. */
function registerGuest() {
  const username = `guest-${crypto.getRandomValues(new Uint32Array(1)).join()}`;
  return session.register({ username, email: `${username}@example.org`, password: words(4) });
}

/** For those who have no session to look at: one of a guest, or their own. `endedBy`: why the server ended the last. */
export function BeginSession({ endedBy }: { endedBy: string | null | undefined }): ReactNode {
  const { status, ...state } = useSession();
  const reason = endedBy === 'reuse' ? 'REFRESH_REUSED' : state.reason;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  if (status !== 'anonymous' && status !== 'ended') return null;

  const begin = async () => {
    setBusy(true);
    setError(undefined);
    await registerGuest().catch((cause: Error) => setError(cause.message));
    setBusy(false);
  };
  const action = (
    <div className="flex flex-wrap gap-2">
      <Button look="primary" size="small" busy={isBusy} onClick={() => void begin()}>
        Begin as a guest
      </Button>
      <Link to="/sign-in" search={{ next: '/inspector' }} className={buttonClass({ size: 'small' })}>
        Sign in
      </Link>
    </div>
  );
  return (
    <Notice kind={reason === 'REFRESH_REUSED' ? 'good' : 'info'} action={action}>
      {error ?? (reason ? ENDED[reason] : undefined) ?? 'There is no session to look at yet.'}
    </Notice>
  );
}

const ENDED: Partial<Record<string, string>> = {
  REFRESH_REUSED:
    'A stolen token was used, and the session was ended before anybody could profit. Begin another one.',
  SESSION_REVOKED: 'The session was ended on the server. Begin another one.',
  SIGNED_OUT: 'You are signed out. Begin another session.',
  SESSION_EXPIRED: 'The session has reached its end. Begin another one.',
};
