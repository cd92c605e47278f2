import { hydrateRoot } from 'react-dom/client';
import { Page, type PageState } from './Page.js';
import { createClients } from './trpc.js';

declare global {
  interface Window {
    readonly pageState: PageState;
  }
}

hydrateRoot(document, <Page clients={createClients()} state={window.pageState} />);
