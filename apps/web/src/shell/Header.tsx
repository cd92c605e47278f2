import { useSession } from '@latchkey/react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../ui/Button.js';
import { Latch } from '../ui/Latch.js';
import { ThemeSwitch } from './ThemeSwitch.js';

export function Header(): ReactNode {
  const { status, user, logout } = useSession();
  return (
    <header className="border-line border-b bg-surface">
      <div className="mx-auto flex h-16 max-w-6xl items-center gap-2 px-4 sm:gap-3 sm:px-6">
        <Link to="/" className="flex items-center gap-2.5 font-display font-semibold text-xl">
          <Latch isTurning={status === 'refreshing' || status === 'restoring'} className="size-8" />
          Latchkey
        </Link>
        <div className="ml-auto flex min-w-0 items-center gap-1 sm:gap-2">
          <ThemeSwitch />
          {user && (
            <>
              <span title={user.email} className="hidden truncate px-1 text-soft sm:block">
                {user.username}
              </span>
              <Button size="small" onClick={() => void logout()}>
                Sign out
              </Button>
            </>
          )}
          {!user && status !== 'restoring' && (
            <Link to="/sign-in" className={buttonClass({ size: 'small' })}>
              Sign in
            </Link>
          )}
        </div>
      </div>
    </header>
  );
}
