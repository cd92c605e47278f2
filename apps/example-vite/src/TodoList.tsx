import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { queryClient, trpc } from './trpc.js';

function createId() {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

export function TodoList(): ReactNode {
  const list = trpc.todo.list.queryOptions();
  const todos = useQuery(list);
  const refetch = () => queryClient.invalidateQueries({ queryKey: list.queryKey });
  const add = useMutation(trpc.todo.add.mutationOptions({ onSuccess: refetch }));
  const remove = useMutation(trpc.todo.remove.mutationOptions({ onSuccess: refetch }));
  const error = todos.error ?? add.error ?? remove.error;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate({ id: createId(), text: String(new FormData(event.currentTarget).get('text')) });
    event.currentTarget.reset();
  };

  return (
    <>
      <form onSubmit={submit}>
        <label>
          What? <input name="text" autoComplete="off" required />
        </label>
        <button type="submit">Add</button>
      </form>
      {error && <p role="alert">{error.message}</p>}
      <ul>
        {todos.data?.map(({ id, text, addedAt }) => (
          <li key={id}>
            {text} <time dateTime={addedAt.toISOString()}>{addedAt.toLocaleTimeString()}</time>{' '}
            <button type="button" onClick={() => remove.mutate({ id })}>
              Done
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
