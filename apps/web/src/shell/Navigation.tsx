import { useUser } from '@latchkey/react';
import { Link, type LinkProps } from '@tanstack/react-router';
import {
  Activity,
  History,
  type LucideIcon,
  MonitorSmartphone,
  NotebookPen,
  ShieldCheck,
  Users,
} from 'lucide-react';
import type { ReactNode } from 'react';

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

/** The pages of a person: beside the page where there is room, else in a strip above it. */
export function Navigation(): ReactNode {
  const isAdmin = useUser()?.roles.includes('admin');
  const entries = isAdmin ? [...ENTRIES, ...ADMIN_ENTRIES] : ENTRIES;
  return (
    <nav
      aria-label="Pages"
      className="overflow-x-auto border-line border-b bg-surface lg:border-r lg:border-b-0 lg:bg-transparent"
    >
      <ul className="flex gap-1 px-2 py-2 sm:px-4 lg:sticky lg:top-0 lg:grid lg:py-10 lg:pr-4 lg:pl-2">
        {entries.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className="flex min-h-10 items-center gap-2.5 rounded-md px-3 font-medium text-soft hover:bg-sunken hover:text-text aria-[current=page]:bg-brass-tint aria-[current=page]:text-text"
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
