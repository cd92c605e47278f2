import { useSession } from '@latchkey/react';
import { useNavigate } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { failureOf } from '../forms/failureOf.js';
import { Button } from '../ui/Button.js';

function random() {
  return crypto.getRandomValues(new Uint32Array(4)).reduce((text, n) => text + n.toString(36), '');
}

/** Creates an account with a random name and signs the visitor in. */
export function TrialButton(): ReactNode {
  const { register } = useSession();
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');

  const start = async () => {
    setBusy(true);
    const username = `guest-${random().slice(0, 6)}`;
    try {
      await register({ username, email: `${username}@example.org`, password: random() });
      await navigate({ to: '/notes' });
    } catch (error) {
      setProblem(failureOf(error).message);
      setBusy(false);
    }
  };

  return (
    <div>
      <Button look="primary" busy={isBusy} onClick={() => void start()}>
        <KeyRound aria-hidden className="size-5" />
        Try it with one click
      </Button>
      <p role="alert" className="mt-2 text-rust empty:hidden">
        {problem}
      </p>
    </div>
  );
}
