import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { useTRPC } from './trpc.js';

function createId() {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

export function BookList(): ReactNode {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = trpc.book.list.queryOptions();
  const books = useQuery(list);
  const refetch = () => queryClient.invalidateQueries({ queryKey: list.queryKey });
  const add = useMutation(trpc.book.add.mutationOptions({ onSuccess: refetch }));
  const error = books.error ?? add.error;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate({ id: createId(), title: String(new FormData(event.currentTarget).get('title')) });
    event.currentTarget.reset();
  };

  return (
    <>
      <form onSubmit={submit}>
        <label>
          What? <input name="title" autoComplete="off" required />
        </label>
        <button type="submit">Add</button>
      </form>
      {error && <p role="alert">{error.message}</p>}
      <ul>
        {books.data?.map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
      </ul>
    </>
  );
}
