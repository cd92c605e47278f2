import type { ReactNode } from 'react';

const ENTRIES = [
  { mark: <circle cx="8" cy="8" r="4" className="fill-patina" />, text: 'call, answered' },
  {
    mark: (
      <>
        <circle cx="8" cy="8" r="4.5" className="fill-surface stroke-2 stroke-brass" />
        <circle cx="8" cy="8" r="2" className="fill-patina" />
      </>
    ),
    text: 'sent again, answered',
  },
  { mark: <circle cx="8" cy="8" r="4" className="fill-surface stroke-2 stroke-amber" />, text: 'waiting' },
  { mark: <circle cx="8" cy="8" r="4" className="fill-rust" />, text: 'failed' },
  { mark: <path d="M8 2l6 6-6 6-6-6z" className="fill-patina" />, text: 'refresh, rotated' },
  {
    mark: <path d="M8 3l5 5-5 5-5-5z" className="fill-surface stroke-2 stroke-patina" />,
    text: 'refresh, answered again',
  },
  { mark: <path d="M4 4l8 8M12 4l-8 8" className="stroke-2 stroke-rust" />, text: 'cut off' },
  {
    mark: <rect x="1" y="4" width="14" height="8" rx="2" className="fill-brass-fill" />,
    text: 'access token',
  },
  { mark: <path d="M4 4h8l-4 6z" className="fill-patina" />, text: 'generation seen in use' },
  {
    mark: <path d="M1 12l8-8M6 13l9-9M1 7l3-3M11 13l4-4" className="stroke-line-strong" />,
    text: 'grace period',
  },
] as const;

export function Legend(): ReactNode {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-5 gap-y-1 text-soft text-sm">
      {ENTRIES.map(({ mark, text }) => (
        <li key={text} className="flex items-center gap-1.5">
          <svg viewBox="0 0 16 16" className="size-4 flex-none" aria-hidden="true">
            {mark}
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}
