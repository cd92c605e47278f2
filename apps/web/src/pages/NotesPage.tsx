import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId } from 'react';
import { queryClient, trpc } from '../api.js';
import { NoteList } from '../ui/NoteList.js';

const MAX_TEXT = 2000;

/** A person's notes, newest first. */
export function NotesPage(): ReactNode {
  const list = trpc.notes.list.queryOptions();
  const notes = useQuery(list);
  const refetch = () => queryClient.invalidateQueries({ queryKey: list.queryKey });
  const create = useMutation(trpc.notes.create.mutationOptions({ onSettled: refetch }));
  const remove = useMutation(trpc.notes.delete.mutationOptions({ onSettled: refetch }));
  const error = create.error ?? remove.error ?? notes.error;
  const inputId = useId();

  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = String(new FormData(form).get('text') ?? '').trim();
    if (!text) return;
    // Its id is made here, so that sending the note again after a lost answer does not make a second one.
    create.mutate({ id: createId(), text }, { onError: () => restore(form, text) });
    form.reset();
  };

  return (
    <section className="notes">
      <h1>Notes</h1>
      <form className="add" onSubmit={add}>
        <label htmlFor={inputId}>Note</label>
        <input id={inputId} name="text" maxLength={MAX_TEXT} autoComplete="off" required />
        <button type="submit">Add note</button>
      </form>
      <p role="alert" className="alert">
        {error?.message ?? ''}
      </p>
      <NoteList
        notes={notes.data}
        adding={create.isPending ? create.variables : undefined}
        deleting={remove.isPending ? remove.variables.id : undefined}
        onDelete={(id) => remove.mutate({ id })}
      />
    </section>
  );
}

const createId = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** Gives a note that could not be saved back to who wrote it, unless they are writing the next one already. */
const restore = (form: HTMLFormElement, text: string) => {
  const input = form.elements.namedItem('text');
  if (input instanceof HTMLInputElement && !input.value) input.value = text;
};
