import type { Browser } from 'playwright-core';

/** A page's process, which can be stopped as by a sleeping computer or a browser that freezes tabs. */
export interface Freezable<T> extends Disposable {
  readonly opened: T;
  freeze(): void;
  thaw(): void;
}

/** Opens a page, and finds its process: the one that was not there before. */
export const openFreezable = async <T>(browser: Browser, open: () => Promise<T>): Promise<Freezable<T>> => {
  const devtools = await browser.newBrowserCDPSession();
  const renderers = async () => {
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  };
  const before = await renderers();
  const opened = await open();
  const [pid, ...others] = (await renderers()).filter((id) => !before.includes(id));
  if (!pid || others.length > 0) throw new Error('the page has no process to itself');
  await devtools.detach();
  const thaw = () => void process.kill(pid, 'SIGCONT');
  return { opened, freeze: () => void process.kill(pid, 'SIGSTOP'), thaw, [Symbol.dispose]: thaw };
};
