const WAKING_EVENTS = ['online', 'pageshow', 'visibilitychange'];

/** Whether this is a page that nobody sees at the moment. */
export function isHidden(): boolean | undefined {
  return globalThis.document?.hidden;
}

/**
 * Calls back when a page may have slept, been frozen or been offline, when timers are not reliable. Returns a function
 * that stops it.
 */
export function onWake(callback: () => void): () => void {
  const controller = new AbortController();
  for (const event of 'document' in globalThis ? WAKING_EVENTS : [])
    addEventListener(event, callback, { signal: controller.signal });
  return () => controller.abort();
}
