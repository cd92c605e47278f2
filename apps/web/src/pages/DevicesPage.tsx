import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queryClient } from '../api.js';
import { DeviceItem } from '../devices/DeviceItem.js';
import { trpc } from '../trpc.js';
import { Button } from '../ui/Button.js';
import { ConfirmDialog } from '../ui/ConfirmDialog.js';
import { failed } from '../ui/failed.js';
import { LoadingError } from '../ui/LoadingError.js';
import { PageHeader } from '../ui/PageHeader.js';
import { Skeleton } from '../ui/Skeleton.js';
import { toast } from '../ui/toasts.js';

/** A person's sessions, each of which can be ended. */
export function DevicesPage(): ReactNode {
  const list = useQuery(trpc.auth.sessions.list.queryOptions());
  const { revoke, revokeOthers } = useSessionActions();
  const hasOthers = list.data?.some(({ current }) => !current);
  return (
    <>
      <PageHeader
        title="Devices"
        action={
          hasOthers && (
            <ConfirmDialog
              trigger={<Button busy={revokeOthers.isPending}>End all others</Button>}
              title="End all other sessions?"
              action="End all others"
              onConfirm={() => revokeOthers.mutate()}
            >
              You must sign in again on every other browser and device. You stay signed in here.
            </ConfirmDialog>
          )
        }
      >
        Where you are signed in. A session that you end is refused everywhere within a second.
      </PageHeader>
      {list.isPending && <Skeleton label="Fetching your sessions…" />}
      {list.isError && <LoadingError error={list.error} onRetry={list.refetch} />}
      {list.data && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {list.data.map((device) => (
            <DeviceItem
              key={device.id}
              device={device}
              isEnding={revoke.isPending && revoke.variables.id === device.id}
              onEnd={() => revoke.mutate({ id: device.id })}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function counted(sessions: number) {
  return sessions === 1 ? 'One session ended.' : `${sessions} sessions ended.`;
}

function useSessionActions() {
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.auth.sessions.list.queryKey() });
  const revoke = useMutation(
    trpc.auth.sessions.revoke.mutationOptions({
      onSuccess: () => toast({ title: 'The session was ended' }),
      onError: failed('The session was not ended'),
      onSettled,
    }),
  );
  const revokeOthers = useMutation(
    trpc.auth.sessions.revokeOthers.mutationOptions({
      onSuccess: ({ revoked }) =>
        toast({ title: 'You are signed out on all other devices', description: counted(revoked) }),
      onError: failed('The other sessions were not ended'),
      onSettled,
    }),
  );
  return { revoke, revokeOthers };
}
