import type { Page } from 'playwright-core';

/** A page's process, which can be stopped as by a sleeping computer or a browser that freezes tabs. */
export interface Freezable extends Disposable {
  freeze(): void;
  thaw(): void;
}

/** Finds the process of a page, which no other page may share. */
export async function makeFreezable(page: Page): Promise<Freezable> {
  const pid = await processOf(page);
  for (const other of page.context().pages())
    if (other !== page && (await processOf(other)) === pid)
      throw new Error(`${page.url()} and ${other.url()} share a process.`);
  const thaw = () => void process.kill(pid, 'SIGCONT');
  return { freeze: () => void process.kill(pid, 'SIGSTOP'), thaw, [Symbol.dispose]: thaw };
}

interface TraceEvent {
  readonly name: string;
  readonly args: { readonly data?: { readonly frames?: readonly { readonly processId: number }[] } };
}

/**
 * The id of a page's process, as a trace tells it. Processes that appear while a page opens say nothing: browsers keep
 * spare ones.
 */
async function processOf(page: Page): Promise<number> {
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  const trace = String(await browser?.stopTracing());
  const events: TraceEvent[] = JSON.parse(trace).traceEvents;
  const pid = events.find(({ name }) => name === 'TracingStartedInBrowser')?.args.data?.frames?.[0]
    ?.processId;
  if (pid === undefined) throw new Error(`The trace of ${page.url()} names no process.`);
  return pid;
}
