import { SignedIn } from '@latchkey/react';
import type { ReactNode } from 'react';
import { SignInForm } from './SignInForm.js';
import { SignOutButton } from './SignOutButton.js';
import { TodoList } from './TodoList.js';

export function App(): ReactNode {
  return (
    <main>
      <h1>To do</h1>
      <SignedIn fallback={<SignInForm />} pending={<p>One moment…</p>}>
        <SignOutButton />
        <TodoList />
      </SignedIn>
    </main>
  );
}
