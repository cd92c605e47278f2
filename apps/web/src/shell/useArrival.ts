import { useMatches } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

/**
 * Does on a new page what a browser does by itself when it loads one: names the tab after it, and lets the keyboard
 * and screen readers start at its beginning. Give the ref to the element that holds the page.
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
