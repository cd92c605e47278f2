import { useMatches } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

/**
 * Does for a new page what a browser does when it loads one: sets the tab's title, and moves the focus to the start of
 * the page for keyboards and screen readers. The ref belongs to the element that contains the page.
 */
export function useArrival(): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const last = useMatches().at(-1);
  const path = last?.pathname;
  const title = last?.staticData.title;
  const previous = useRef(path);

  useEffect(() => {
    document.title = title ? `${title} · Latchkey` : 'Latchkey';
  }, [title]);

  useEffect(() => {
    const isFirst = previous.current === path;
    previous.current = path;
    const hasFocus = main.current?.contains(document.activeElement);
    if (!isFirst && !hasFocus) main.current?.focus({ preventScroll: true });
  }, [path]);

  return main;
}
