import { useMutation } from '@tanstack/react-query';
import { queryClient } from '../api.js';
import { trpc } from '../trpc.js';
import { failed } from '../ui/failed.js';
import { toast } from '../ui/toasts.js';

/** An administrator's actions, each by the user's id. */
export interface UserActions {
  disable(id: string): void;
  enable(id: string): void;
  endSessions(id: string): void;
}

/** Refetches the list of users after each change. */
export function useUserActions(): UserActions {
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.admin.users.list.pathKey() });
  const onError = failed('Nothing was changed');
  const disable = useMutation(
    trpc.admin.users.disable.mutationOptions({
      onSuccess: () => toast({ title: 'The account is disabled' }),
      onError,
      onSettled,
    }),
  );
  const enable = useMutation(
    trpc.admin.users.enable.mutationOptions({
      onSuccess: () => toast({ title: 'The account is enabled again' }),
      onError,
      onSettled,
    }),
  );
  const endSessions = useMutation(
    trpc.admin.users.revokeSessions.mutationOptions({
      onSuccess: ({ revoked }) => toast({ title: `Sessions ended: ${revoked}` }),
      onError,
    }),
  );
  return {
    disable: (id) => disable.mutate({ id }),
    enable: (id) => enable.mutate({ id }),
    endSessions: (id) => endSessions.mutate({ id }),
  };
}
