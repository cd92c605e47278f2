import { useSession } from '@latchkey/react';
import type { ReactNode } from 'react';
import { Redirect, usePath } from './navigation.js';
import { NotesPage } from './pages/NotesPage.js';
import { RegisterPage } from './pages/RegisterPage.js';
import { SignInPage } from './pages/SignInPage.js';
import { Header } from './ui/Header.js';
import { OutageBanner } from './ui/OutageBanner.js';

/** The frame of every page, and which page it is. */
export function App(): ReactNode {
  return (
    <>
      <Header />
      <OutageBanner />
      <main>
        <Page />
      </main>
    </>
  );
}

function Page(): ReactNode {
  const { user, status } = useSession();
  const path = usePath();
  if (user) return path === '/notes' ? <NotesPage /> : <Redirect to="/notes" />;
  // Nobody knows yet who is there: the sign-in page would be a wrong guess.
  if (status === 'restoring' || status === 'unreachable') return <p className="waiting">One moment…</p>;
  if (path === '/register') return <RegisterPage />;
  return path === '/sign-in' ? <SignInPage /> : <Redirect to="/sign-in" />;
}
