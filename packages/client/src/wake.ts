/** Whether there is a page that nobody sees at the moment. */
export const isHidden = (): boolean | undefined => globalThis.document?.hidden;

/**
 * Calls back when a page may have slept, been frozen or been offline: timers say nothing reliable then. Returns how
 * to stop.
 */
export const onWake = (callback: () => void): (() => void) => {
  const controller = new AbortController();
  for (const event of 'document' in globalThis ? ['online', 'pageshow', 'visibilitychange'] : [])
    addEventListener(event, callback, { signal: controller.signal });
  return () => controller.abort();
};
