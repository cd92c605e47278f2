/** Whether there is a page that nobody sees at the moment. */
export const isHidden = (): boolean => globalThis.document?.visibilityState === 'hidden';

const EVENTS = ['online', 'pageshow', 'visibilitychange'];

/**
 * Calls back when a page may have slept, been frozen or been offline: timers say nothing reliable then. Returns how
 * to stop.
 */
export const onWake = (callback: () => void): (() => void) => {
  const controller = new AbortController();
  for (const event of 'document' in globalThis ? EVENTS : [])
    addEventListener(event, callback, { signal: controller.signal });
  return () => controller.abort();
};
