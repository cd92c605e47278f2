import { useUser } from '@latchkey/react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Lock, Users } from 'lucide-react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { UserItem } from '../admin/UserItem.js';
import { useUserActions } from '../admin/useUserActions.js';
import { Field } from '../forms/Field.js';
import { trpc } from '../trpc.js';
import { Button } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { LoadingError } from '../ui/LoadingError.js';
import { PageHeader } from '../ui/PageHeader.js';
import { Skeleton } from '../ui/Skeleton.js';

/** All accounts, for administrators. */
export function AdminPage(): ReactNode {
  const isAdmin = useUser()?.roles.includes('admin');
  return (
    <>
      <PageHeader title="Users">Disabling an account ends all its sessions within a second.</PageHeader>
      {isAdmin ? (
        <UserList />
      ) : (
        <EmptyState icon={Lock} title="For administrators only">
          To become one, run <code className="whitespace-nowrap font-mono">npm run admin -- NAME</code> on the
          server.
        </EmptyState>
      )}
    </>
  );
}

function UserList(): ReactNode {
  const [search, setSearch] = useState('');
  const list = useInfiniteQuery(
    trpc.admin.users.list.infiniteQueryOptions(
      { search: useDeferredValue(search) },
      { getNextPageParam: ({ nextCursor }) => nextCursor, placeholderData: keepPreviousData },
    ),
  );
  const actions = useUserActions();
  const users = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="grid gap-5">
      <Field
        label="Search"
        type="search"
        required={false}
        hint="The beginning of a name or an e-mail address."
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      {list.isPending && <Skeleton label="Fetching users…" rows={5} />}
      {list.isError && <LoadingError error={list.error} onRetry={list.refetch} />}
      {list.isSuccess && users.length === 0 && (
        <EmptyState icon={Users} title="No users found">
          No name or address begins with “{search}”.
        </EmptyState>
      )}
      {users.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {users.map((user) => (
            <UserItem key={user.id} user={user} actions={actions} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}
