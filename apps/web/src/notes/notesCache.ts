import type { inferOutput } from '@trpc/tanstack-react-query';
import { queryClient } from '../api.js';
import { trpc } from '../trpc.js';

export type Note = inferOutput<typeof trpc.notes.list>[number];

/** Changes the list of notes on the page without a request. */
function change(next: (notes: Note[]) => Note[]) {
  return queryClient.setQueryData(trpc.notes.list.queryKey(), (notes) => notes && next(notes));
}

/** The cached list of notes, changed by this page and by the server's events. */
export const notesCache = {
  /** Adds a note or replaces its older version. */
  put: (note: Note): void =>
    void change((notes) =>
      notes.some(({ id }) => id === note.id)
        ? notes.map((other) => (other.id === note.id ? note : other))
        : [note, ...notes],
    ),
  remove: (id: string): void => void change((notes) => notes.filter((note) => note.id !== id)),
  get: (id: string): Note | undefined =>
    queryClient.getQueryData(trpc.notes.list.queryKey())?.find((note) => note.id === id),
  refetch: (): Promise<void> => queryClient.invalidateQueries({ queryKey: trpc.notes.list.queryKey() }),
};
