const TRPC_PATH = '/trpc';

/**
 * Returns the procedure that a request calls, parsed as tRPC's Express adapter does; `batch` for several, and
 * `other` for everything else. So the result is one of a few names, whatever a client sends.
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
