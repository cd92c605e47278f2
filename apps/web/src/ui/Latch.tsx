import type { ReactNode } from 'react';

export interface LatchProps {
  /** Whether it turns, because something is in progress. */
  readonly isTurning?: boolean;
  readonly className?: string;
}

/** The app's logo: a lock plate whose keyhole turns while tokens are exchanged. */
export function Latch({ isTurning = false, className = '' }: LatchProps): ReactNode {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={`flex-none ${className}`}>
      <rect x="1" y="1" width="30" height="30" rx="7" className="fill-brass-fill" />
      <circle cx="5.5" cy="5.5" r="1.1" className="fill-on-brass" opacity=".45" />
      <circle cx="26.5" cy="5.5" r="1.1" className="fill-on-brass" opacity=".45" />
      <circle cx="5.5" cy="26.5" r="1.1" className="fill-on-brass" opacity=".45" />
      <circle cx="26.5" cy="26.5" r="1.1" className="fill-on-brass" opacity=".45" />
      <g className={`origin-center ${isTurning ? 'animate-turn' : ''}`}>
        <circle cx="16" cy="16" r="9.2" className="fill-on-brass" />
        <path
          d="M16 9.6a3.4 3.4 0 0 1 1.9 6.2l1 5.4a.9.9 0 0 1-.9 1.1h-4a.9.9 0 0 1-.9-1.1l1-5.4A3.4 3.4 0 0 1 16 9.6z"
          className="fill-brass-strong"
        />
      </g>
    </svg>
  );
}
