const TRPC_PATH = '/trpc';

/**
 * The procedure that a request for `path` calls, read as tRPC's Express adapter reads it; `batch` for several,
 * `other` for anything that is none, so that only names of the app's own come out.
 *
 * @param isProcedure whether the app has a procedure of this path
 */
export function calledProcedure(path: string, isProcedure: (path: string) => boolean): string {
  if (!path.startsWith(`${TRPC_PATH}/`)) return 'other';
  const names = namesIn(path.slice(path.lastIndexOf('/') + 1));
  if (!names.every(isProcedure)) return 'other';
  const [name = 'other', ...rest] = names;
  return rest.length > 0 ? 'batch' : name;
}

function namesIn(encoded: string): string[] {
  try {
    return decodeURIComponent(encoded).split(',');
  } catch {
    return [''];
  }
}
