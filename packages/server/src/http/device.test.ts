import { expect, test } from 'vitest';
import { describeDevice } from './device.js';

test.each([
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    { browser: 'Safari', os: 'iOS', type: 'mobile' },
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0',
    { browser: 'Microsoft Edge', os: 'Windows', type: 'desktop' },
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    { browser: 'Chrome', os: 'Android', type: 'mobile' },
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    { browser: 'Firefox', os: 'Linux', type: 'desktop' },
  ],
  ['okhttp/4.12.0', { browser: 'okhttp', os: 'Unknown', type: 'unknown' }],
  ['Mozilla/5.0', { browser: 'Unknown', os: 'Unknown', type: 'unknown' }],
  ['', { browser: 'Unknown', os: 'Unknown', type: 'unknown' }],
  ['\u001b[2K<script>', { browser: 'Unknown', os: 'Unknown', type: 'unknown' }],
])('names the device of %j', (userAgent, device) => {
  expect(describeDevice(userAgent)).toEqual(device);
});

test('reads the longest user agent that is kept, whatever it repeats', () => {
  for (const unit of ['a', '(', ' ', 'Mozilla/5.0 (', 'Version/', 'Android ']) {
    const userAgent = unit.repeat(512).slice(0, 512);
    expect(describeDevice(userAgent).type, unit).toMatch(/^(unknown|mobile)$/);
  }
});
