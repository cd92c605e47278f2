import { retryOutages } from '@latchkey/react';
import { useMutation, useMutationState, useQuery } from '@tanstack/react-query';
import { failureOf } from '../forms/failureOf.js';
import { trpc } from '../trpc.js';
import { toast } from '../ui/toasts.js';
import { type Note, notesCache } from './notesCache.js';

/** A person's notes and their actions. A change shows at once and is undone if it fails. */
export function useNotes() {
  const { create, update, remove } = useNoteChanges();
  return {
    list: useQuery(trpc.notes.list.queryOptions()),
    saving: useSaving(),
    create: (text: string) => create.mutate({ id: newId(), text }),
    update: (id: string, text: string) => update.mutate({ id, text }),
    remove: (id: string) => remove.mutate({ id }),
  };
}

/** Each change names a note's id and sends its whole text, so that it may be sent again after an outage. */
function useNoteChanges() {
  const undo = (title: string, before: Note | undefined, id: string | undefined) => (error: unknown) => {
    if (before) notesCache.put(before);
    else if (id) notesCache.remove(id);
    toast({ kind: 'failed', title, description: failureOf(error).message });
  };
  return {
    create: useMutation(
      trpc.notes.create.mutationOptions({
        ...retryOutages,
        onMutate: ({ id = newId(), text }) => {
          const now = new Date().toISOString();
          notesCache.put({ id, text, createdAt: now, updatedAt: now });
        },
        onSuccess: notesCache.put,
        onError: (error, { id, text }) => undo(`“${text}” was not saved`, undefined, id)(error),
      }),
    ),
    update: useMutation(
      trpc.notes.update.mutationOptions({
        ...retryOutages,
        onMutate: ({ id, text }) => {
          const before = notesCache.get(id);
          if (before) notesCache.put({ ...before, text });
          return before;
        },
        onSuccess: notesCache.put,
        onError: (error, _input, before) => undo('The change was not saved', before, undefined)(error),
      }),
    ),
    remove: useMutation(
      trpc.notes.delete.mutationOptions({
        ...retryOutages,
        onMutate: ({ id }) => {
          const before = notesCache.get(id);
          notesCache.remove(id);
          return before;
        },
        onError: (error, _input, before) => undo('The note was not deleted', before, undefined)(error),
      }),
    ),
  };
}

/** The ids of the notes that are on their way to the server. */
function useSaving(): ReadonlySet<string> {
  const filters = (mutationKey: readonly unknown[]) => ({ mutationKey, status: 'pending' as const });
  const created = useMutationState({ filters: filters(trpc.notes.create.mutationKey()), select: idOf });
  const updated = useMutationState({ filters: filters(trpc.notes.update.mutationKey()), select: idOf });
  return new Set([...created, ...updated]);
}

function idOf({ state }: { state: { variables: unknown } }): string {
  const { variables } = state;
  return typeof variables === 'object' && variables && 'id' in variables ? String(variables.id) : '';
}

/** Created in the browser, so that a note sent again after a lost response is not stored twice. */
function newId() {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
