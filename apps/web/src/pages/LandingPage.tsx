import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '../ui/Button.js';

/** What Latchkey is, for somebody who has just started it. */
export function LandingPage(): ReactNode {
  return (
    <section className="mx-auto max-w-6xl px-4 py-16 sm:px-6">
      <h1 className="max-w-2xl text-4xl sm:text-6xl">Sign-in that never gets in the way.</h1>
      <div className="mt-8 flex gap-3">
        <Link to="/register" className={buttonClass({ look: 'primary' })}>
          Create an account
        </Link>
      </div>
    </section>
  );
}
