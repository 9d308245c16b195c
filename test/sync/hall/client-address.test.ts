import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { clientAddress } from '../../../sync/hall/http/client-address.ts'

/** What the address is made of, of a request that came from `remote`. */
function from(remote: string, forwarded: string, proxies: string[]): string {
  const request: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress: string } } = {
    headers: { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: remote },
  }
  return clientAddress(request as IncomingMessage, proxies)
}

test.each([
  ['1.2.3.4:5555', '1.2.3.4'],
  ['1.2.3.4', '1.2.3.4'],
  ['6.6.6.6, 1.2.3.4:5556', '1.2.3.4'],
  ['[2001:db8::5]:443', '2001:db8:0:0::/64'],
  ['[2001:DB8::5]', '2001:db8:0:0::/64'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
])('behind a proxy of the hall, %s is %s, whatever the port', (forwarded, address) => {
  expect(from('127.0.0.1', forwarded, ['127.0.0.1'])).toBe(address)
})

test.each([
  ['2001:db8::1', '2001:DB8:0:0:0:0:0:1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['10.0.0.1', '::ffff:10.0.0.1'],
])('a proxy at %s is known as %s', (remote, configured) => {
  expect(from(remote, '1.2.3.4', [configured])).toBe('1.2.3.4')
})

test('what somebody else says of itself does not count', () => {
  expect(from('10.0.0.9', '1.2.3.4', ['10.0.0.1'])).toBe('10.0.0.9')
})
