import { AppWindow, type LucideIcon, PlugZap, RefreshCw, ShieldX } from 'lucide-react';
import type { ReactNode } from 'react';

interface Trial {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}

const TRIALS: readonly Trial[] = [
  {
    icon: RefreshCw,
    title: 'Let tokens expire',
    text: 'Start with ACCESS_TOKEN_EXPIRY=10s and write notes. Every few seconds the key in the corner turns: the page got a new token. You notice nothing else.',
  },
  {
    icon: AppWindow,
    title: 'Open eight tabs',
    text: 'Write in all of them. They share one token and one stream of changes. Sign out in one, and all are signed out.',
  },
  {
    icon: PlugZap,
    title: 'Kill the server',
    text: 'Stop it while you write, and start it again. You stay signed in, and the note that you wrote meanwhile is saved.',
  },
  {
    icon: ShieldX,
    title: 'Steal the cookie',
    text: 'Copy the refresh cookie to another browser and use it there. The second of the two to refresh reveals the theft, and the session ends.',
  },
];

/** Experiments with the demo, and their outcome. */
export function Trials(): ReactNode {
  return (
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {TRIALS.map(({ icon: Icon, title, text }) => (
        <li key={title} className="rounded-lg border border-line bg-surface p-5">
          <Icon aria-hidden className="size-7 text-brass" strokeWidth={1.5} />
          <h3 className="mt-4 text-lg">{title}</h3>
          <p className="mt-1.5 text-[0.9375rem] text-soft">{text}</p>
        </li>
      ))}
    </ul>
  );
}
