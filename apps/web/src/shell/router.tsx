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
});

const landing = createRoute({ getParentRoute: () => root, path: '/', component: LandingPage });

/** Pages for people who are not signed in. Others are redirected to the page that they wanted. */
const anonymous = createRoute({
  getParentRoute: () => root,
  id: 'anonymous',
  component: AnonymousLayout,
  validateSearch: ({ next }: Record<string, unknown>) => safeNext(next),
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

function mailedLink({ token }: Record<string, unknown>): { token?: string | undefined } {
  return {
    token: typeof token === 'string' ? token : undefined,
  };
}

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  staticData: { title: 'Forgot your password?' },
  component: lazyRouteComponent(() => import('../pages/ForgotPasswordPage.js'), 'ForgotPasswordPage'),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  staticData: { title: 'Choose a new password' },
  validateSearch: mailedLink,
  component: lazyRouteComponent(() => import('../pages/ResetPasswordPage.js'), 'ResetPasswordPage'),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: '/verify-email',
  staticData: { title: 'Verify your e-mail' },
  validateSearch: mailedLink,
  component: lazyRouteComponent(() => import('../pages/VerifyEmailPage.js'), 'VerifyEmailPage'),
});

/** Pages that need a sign-in. */
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

/** For everybody: offers a guest's session to people who are not signed in. */
const inspector = createRoute({
  getParentRoute: () => root,
  path: '/inspector',
  staticData: { title: 'Session inspector' },
  component: lazyRouteComponent(() => import('../inspector/InspectorPage.js'), 'InspectorPage'),
});

const devices = createRoute({
  getParentRoute: () => signedIn,
  path: '/devices',
  staticData: { title: 'Devices' },
  component: lazyRouteComponent(() => import('../pages/DevicesPage.js'), 'DevicesPage'),
});

const security = createRoute({
  getParentRoute: () => signedIn,
  path: '/security',
  staticData: { title: 'Security' },
  component: lazyRouteComponent(() => import('../pages/SecurityPage.js'), 'SecurityPage'),
});

const activity = createRoute({
  getParentRoute: () => signedIn,
  path: '/activity',
  staticData: { title: 'Activity' },
  component: lazyRouteComponent(() => import('../pages/ActivityPage.js'), 'ActivityPage'),
});

const admin = createRoute({
  getParentRoute: () => signedIn,
  path: '/admin',
  staticData: { title: 'Users' },
  component: lazyRouteComponent(() => import('../pages/AdminPage.js'), 'AdminPage'),
});

/** The routes of the app. Each page's script is loaded on first use. */
export const router = createRouter({
  routeTree: root.addChildren([
    landing,
    inspector,
    forgotPassword,
    resetPassword,
    verifyEmail,
    anonymous.addChildren([signIn, register]),
    signedIn.addChildren([notes, devices, security, activity, admin]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** The title of the browser's tab. */
    title?: string;
  }
}
