import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';

/**
 * Sends the visitor on once, leaving no trace of this page in the history. The router's own `Navigate` does so at
 * every rendering, and a guard is rendered again by the very navigation it has begun.
 */
export function Redirect({ to }: { to: string }): ReactNode {
  const { history } = useRouter();
  const [address] = useState(to);
  useEffect(() => history.replace(address), [history, address]);
  return null;
}
