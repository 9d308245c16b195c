/** What a device is told while the hall's store does not do what it is asked. */
import { expect, test } from 'vitest'
import { storeUnavailable } from '../../../sync/hall/http/store-unavailable.ts'

test.each([
  ['store-busy', 1, 5],
  ['store-unreachable', 1, 5],
  ['store-full', 30, 60],
  ['store-read-only', 30, 60],
] as const)('a store that says %s is told as 503, with when to come again', (code, from, to) => {
  const { status, headers = {}, body } = storeUnavailable(code)
  expect(status).toBe(503)
  expect(body).toMatchObject({ code: 'store-unavailable' })
  expect(JSON.stringify(body)).not.toContain('defect')
  const seconds = Number(headers['retry-after'])
  expect(seconds).toBeGreaterThanOrEqual(from)
  expect(seconds).toBeLessThanOrEqual(to)
})
