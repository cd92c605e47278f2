import type { inferOutput } from '@trpc/tanstack-react-query';
import { type ReactNode, useId } from 'react';
import type { trpc } from '../trpc.js';
import { describeActivity } from './describeActivity.js';

type Item = inferOutput<typeof trpc.auth.activity.list>['items'][number];

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const DOTS = { plain: 'bg-line-strong', good: 'bg-patina', warning: 'bg-amber', wrong: 'bg-rust' } as const;

/** The events of one day. */
export function ActivityDay({ day, items }: { day: string; items: readonly Item[] }): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mb-8">
      <h2 id={id} className="mb-3 text-lg">
        {day}
      </h2>
      <ol className="relative border-line border-l-2 pl-6">
        {items.map((item) => (
          <ActivityItem key={`${item.at} ${item.type}`} item={item} />
        ))}
      </ol>
    </section>
  );
}

function ActivityItem({ item: { at, type, ip, device } }: { item: Item }): ReactNode {
  const { text, tone } = describeActivity(type);
  return (
    <li className="relative pb-5 last:pb-1">
      <span
        aria-hidden
        className={`absolute top-1.5 -left-[1.9375rem] size-3 rounded-full ring-4 ring-page ${DOTS[tone]}`}
      />
      <p className={`font-medium ${tone === 'wrong' ? 'text-rust' : ''}`}>{text}</p>
      <p className="text-sm text-soft">
        <time dateTime={at}>{time.format(new Date(at))}</time>
        {device && ` · ${device.browser} on ${device.os}`}
        {ip && (
          <>
            {' · '}
            <span className="font-mono">{ip}</span>
          </>
        )}
      </p>
    </li>
  );
}
