import Bowser from 'bowser';
import type { Device } from '../contract/index.js';

const UNKNOWN: Device = { browser: 'Unknown', os: 'Unknown', type: 'unknown' };
const TYPES: ReadonlySet<string> = new Set(['desktop', 'mobile', 'tablet', 'tv', 'bot']);
/** The first product name of a command-line or mobile client (RFC 9110, 10.1.5). */
const PRODUCT = /^([A-Za-z][\w.-]{1,39})(?:\/|\s|$)/;

/** Names a device as its owner would recognise it, such as Firefox on Windows. */
export function describeDevice(userAgent: string): Device {
  if (userAgent === '') return UNKNOWN;
  const { browser, os, platform } = Bowser.parse(userAgent);
  const product = PRODUCT.exec(userAgent)?.[1];
  const fallback = product === undefined || product === 'Mozilla' ? UNKNOWN.browser : product;
  return {
    browser: browser.name || fallback,
    os: os.name || UNKNOWN.os,
    type: isType(platform.type) ? platform.type : UNKNOWN.type,
  };
}

function isType(type: string | undefined): type is Device['type'] {
  return type !== undefined && TYPES.has(type);
}
