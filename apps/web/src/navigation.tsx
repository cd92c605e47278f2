import { type MouseEvent, type ReactNode, useEffect, useSyncExternalStore } from 'react';

/** The addresses of the app. */
export type Path = '/' | '/notes' | '/register' | '/sign-in';

const subscribe = (listener: () => void) => {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
};

const go = (path: Path, { replace = false } = {}) => {
  if (path === window.location.pathname) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
};

/** The path of the page, as it changes. */
export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname);

/** Sends the visitor on, leaving no trace of this page in the history. */
export function Redirect({ to }: { to: Path }): ReactNode {
  useEffect(() => go(to, { replace: true }), [to]);
  return null;
}

/** A link within the app; opens in a new tab as any other link does when asked to. */
export function Link({ to, children }: { to: Path; children: ReactNode }): ReactNode {
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={onClick}>
      {children}
    </a>
  );
}
