import { useSession } from '@latchkey/react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { session } from '../../api.js';
import { Button, buttonClass } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';

function words(count: number) {
  return crypto.getRandomValues(new Uint32Array(count)).join('-');
}

/** Registers a guest with random credentials. */
function registerGuest() {
  const username = `guest-${crypto.getRandomValues(new Uint32Array(1)).join()}`;
  return session.register({ username, email: `${username}@example.org`, password: words(4) });
}

/** Offers a session to people who have none. `endedBy` is the reason for which the server ended the last one. */
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
        Start as a guest
      </Button>
      <Link to="/sign-in" search={{ next: '/inspector' }} className={buttonClass({ size: 'small' })}>
        Sign in
      </Link>
    </div>
  );
  return (
    <Notice kind={reason === 'REFRESH_REUSED' ? 'good' : 'info'} action={action}>
      {error ?? (reason ? ENDED[reason] : undefined) ?? 'There is no session to show yet.'}
    </Notice>
  );
}

const ENDED: Partial<Record<string, string>> = {
  REFRESH_REUSED: 'A stolen token was used, so the server ended the session. Start another one.',
  SESSION_REVOKED: 'The session was ended on the server. Start another one.',
  SIGNED_OUT: 'You are signed out. Start another session.',
  SESSION_EXPIRED: 'The session has expired. Start another one.',
};
