import { useInfiniteQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActivityDay } from '../activity/ActivityDay.js';
import { trpc } from '../trpc.js';
import { Button } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { LoadingError } from '../ui/LoadingError.js';
import { PageHeader } from '../ui/PageHeader.js';
import { Skeleton } from '../ui/Skeleton.js';

/** The security events of a person's account, newest first. */
export function ActivityPage(): ReactNode {
  const list = useInfiniteQuery(
    trpc.auth.activity.list.infiniteQueryOptions({}, { getNextPageParam: ({ nextCursor }) => nextCursor }),
  );
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const days = [...new Set(items.map(({ at }) => dayOf(at)))];
  return (
    <>
      <PageHeader title="Activity">
        What happened to your account. If something here was not you, change your password.
      </PageHeader>
      {list.isPending && <Skeleton label="Fetching your activity…" rows={5} />}
      {list.isError && <LoadingError error={list.error} onRetry={list.refetch} />}
      {list.isSuccess && items.length === 0 && <EmptyState icon={History} title="Nothing has happened yet" />}
      {days.map((day) => (
        <ActivityDay key={day} day={day} items={items.filter(({ at }) => dayOf(at) === day)} />
      ))}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show earlier
        </Button>
      )}
    </>
  );
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

function dayOf(iso: string) {
  return day.format(new Date(iso));
}
