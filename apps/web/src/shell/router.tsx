import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { BrokenPage } from '../pages/BrokenPage.js';
import { LandingPage } from '../pages/LandingPage.js';
import { NotFoundPage } from '../pages/NotFoundPage.js';
import { Waiting } from '../ui/Waiting.js';
import { AnonymousLayout } from './AnonymousLayout.js';
import { RootLayout } from './RootLayout.js';
import { safeNext } from './safeNext.js';

const root = createRootRoute({
  component: RootLayout,
  notFoundComponent: NotFoundPage,
  errorComponent: BrokenPage,
});

const landing = createRoute({ getParentRoute: () => root, path: '/', component: LandingPage });

/** Pages for those who are not signed in; others are sent to where they wanted to go. */
const anonymous = createRoute({
  getParentRoute: () => root,
  id: 'anonymous',
  component: AnonymousLayout,
  validateSearch: ({ next }: Record<string, unknown>): { next?: string } => safeNext(next),
});

const signIn = createRoute({
  getParentRoute: () => anonymous,
  path: '/sign-in',
  staticData: { title: 'Sign in' },
  component: lazyRouteComponent(() => import('../pages/SignInPage.js'), 'SignInPage'),
});

const register = createRoute({
  getParentRoute: () => anonymous,
  path: '/register',
  staticData: { title: 'Create your account' },
  component: lazyRouteComponent(() => import('../pages/RegisterPage.js'), 'RegisterPage'),
});

/** Pages for those who are; others sign in first, and come back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: lazyRouteComponent(() => import('./SignedInLayout.js'), 'SignedInLayout'),
});

const notes = createRoute({
  getParentRoute: () => signedIn,
  path: '/notes',
  staticData: { title: 'Notes' },
  component: lazyRouteComponent(() => import('../pages/NotesPage.js'), 'NotesPage'),
});

/** For everybody: who is not signed in is offered a session to look at. */
const inspector = createRoute({
  getParentRoute: () => root,
  path: '/inspector',
  staticData: { title: 'Session inspector' },
  component: lazyRouteComponent(() => import('../inspector/InspectorPage.js'), 'InspectorPage'),
});

/** The addresses of the app; each page's script is loaded when it is first needed. */
export const router = createRouter({
  routeTree: root.addChildren([
    landing,
    inspector,
    anonymous.addChildren([signIn, register]),
    signedIn.addChildren([notes]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** What the browser's tab says. */
    title?: string;
  }
}
