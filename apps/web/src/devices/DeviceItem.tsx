import type { inferOutput } from '@trpc/tanstack-react-query';
import { Bot, type LucideIcon, Monitor, MonitorSmartphone, Smartphone, Tablet, Tv } from 'lucide-react';
import type { ReactNode } from 'react';
import type { trpc } from '../trpc.js';
import { Badge } from '../ui/Badge.js';
import { Button } from '../ui/Button.js';
import { formatDistance, formatTime } from '../ui/formatTime.js';

type Device = inferOutput<typeof trpc.auth.sessions.list>[number];

const ICONS: Record<Device['device']['type'], LucideIcon> = {
  desktop: Monitor,
  mobile: Smartphone,
  tablet: Tablet,
  tv: Tv,
  bot: Bot,
  unknown: MonitorSmartphone,
};

export interface DeviceItemProps {
  readonly device: Device;
  readonly isEnding: boolean;
  readonly onEnd: () => void;
}

/** One session in the list of devices. */
export function DeviceItem({ device, isEnding, onEnd }: DeviceItemProps): ReactNode {
  const { current, ip, createdAt, lastUsedAt, expiresAt } = device;
  const Icon = ICONS[device.device.type];
  const name = `${device.device.browser} on ${device.device.os}`;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-4">
      <Icon aria-hidden className="mt-0.5 size-6 flex-none text-brass" strokeWidth={1.5} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
          {name}
          {current && <Badge kind="good">This device</Badge>}
        </p>
        <p className="mt-0.5 text-sm text-soft">
          <span className="font-mono">{ip}</span>
          {' · last used '}
          <time dateTime={lastUsedAt} title={formatTime(lastUsedAt)}>
            {formatDistance(lastUsedAt)}
          </time>
        </p>
        <p className="text-sm text-soft">
          Signed in <time dateTime={createdAt}>{formatTime(createdAt)}</time>, expires{' '}
          <time dateTime={expiresAt} title={formatTime(expiresAt)}>
            {formatDistance(expiresAt)}
          </time>
        </p>
      </div>
      {!current && (
        <Button size="small" busy={isEnding} aria-label={`End the session of ${name}`} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  );
}
