import { useUser } from '@latchkey/react';
import { Link, type LinkProps, useLocation } from '@tanstack/react-router';
import {
  Activity,
  History,
  type LucideIcon,
  MonitorSmartphone,
  NotebookPen,
  ShieldCheck,
  Users,
} from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';

interface Entry {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  readonly icon: LucideIcon;
}

const ENTRIES: readonly Entry[] = [
  { to: '/notes', label: 'Notes', icon: NotebookPen },
  { to: '/devices', label: 'Devices', icon: MonitorSmartphone },
  { to: '/security', label: 'Security', icon: ShieldCheck },
  { to: '/activity', label: 'Activity', icon: History },
  { to: '/inspector', label: 'Session inspector', icon: Activity },
];

const ADMIN_ENTRIES: readonly Entry[] = [{ to: '/admin', label: 'Users', icon: Users }];

export interface NavigationProps {
  /** Beside the page on wide screens, instead of above it. */
  readonly isBeside?: boolean;
}

/** Links to a person's pages. */
export function Navigation({ isBeside = false }: NavigationProps): ReactNode {
  const { pathname } = useLocation();
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = strip.current?.querySelector(`a[href="${CSS.escape(pathname)}"]`);
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  const isAdmin = useUser()?.roles.includes('admin');
  const entries = isAdmin ? [...ENTRIES, ...ADMIN_ENTRIES] : ENTRIES;
  return (
    <nav
      ref={strip}
      aria-label="Pages"
      className={`overflow-x-auto border-line border-b bg-surface [scrollbar-width:none] ${isBeside ? 'lg:border-r lg:border-b-0 lg:bg-transparent' : ''}`}
    >
      <ul
        className={`mx-auto flex max-w-6xl gap-1 px-2 py-2 max-sm:w-max sm:px-3 ${isBeside ? 'lg:sticky lg:top-0 lg:grid lg:py-10 lg:pr-4' : ''}`}
      >
        {entries.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className="flex min-h-10 scroll-mx-4 items-center gap-2.5 whitespace-nowrap rounded-md px-3 font-medium text-soft hover:bg-sunken hover:text-text aria-[current=page]:bg-brass-tint aria-[current=page]:text-text"
            >
              <Icon aria-hidden className="size-4.5 flex-none text-brass" />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
