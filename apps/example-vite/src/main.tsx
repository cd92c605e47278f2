import { SessionProvider } from '@latchkey/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { queryClient, session } from './trpc.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionProvider session={session} queryClient={queryClient}>
        <App />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
