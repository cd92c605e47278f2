import { describe, expect, it } from 'vitest';
import { addressKey } from './addressKey.js';

describe('addressKey', () => {
  it('L4: counts an IPv4 address written as IPv6 as the IPv4 address, in every spelling', () => {
    for (const address of [
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '::FFFF:192.0.2.1',
      '::ffff:c000:201',
      '0:0:0:0:0:ffff:c000:0201',
    ]) {
      expect(addressKey(address), address).toBe('192.0.2.1');
    }
    expect(addressKey('192.0.2.2')).not.toBe('192.0.2.1');
  });

  it('counts all IPv6 addresses of a /64 network as one, in every spelling', () => {
    for (const address of [
      '2001:db8:0:7::1',
      '2001:DB8::7:ffff:ffff:ffff:ffff',
      '2001:0db8:0000:0007:1:2:3:4',
      '2001:db8:0:7::1%eth0',
    ]) {
      expect(addressKey(address), address).toBe('2001:db8:0:7::/64');
    }
    expect(addressKey('2001:db8:0:8::1')).toBe('2001:db8:0:8::/64');
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
  });

  it('gives all text that is not an address one key', () => {
    expect(
      new Set(['', 'unknown', '1.2.3', '999.1.1.1', '2001:db8::g', '127.0.0.1:80'].map(addressKey)),
    ).toEqual(new Set(['unknown']));
  });
});
