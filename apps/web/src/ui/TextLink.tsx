import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';

/** A link within text to another page of the app. */
export const TextLink = createLink((props: AnchorHTMLAttributes<HTMLAnchorElement>) => (
  <a {...props} className="font-semibold text-brass underline underline-offset-4 hover:decoration-2" />
));
