/** The province asks a hall to wait: it counts the requests of all its instances together. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { moment, until } from '../../support/until.ts'
import { profileOf, provinceOf, RatedHall, ratingOf, reporterOf } from './support.ts'

let hall: RatedHall
beforeEach(async () => {
  hall = await RatedHall.open()
})
afterEach(async () => await hall.close())

it('what one instance was asked for keeps the others still as well', async () => {
  const profile = profileOf('zhejiang')
  const busy = createServer((_, response) => response.writeHead(429, { 'retry-after': '1' }).end())
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  const { port } = busy.address() as AddressInfo
  const free = await provinceOf(profile)
  await hall.give(ratingOf('CASE1'))
  const first = reporterOf(hall, 'zhejiang', profile, { url: `http://127.0.0.1:${port}` })
  let restMs = 0
  while (restMs === 0) {
    await moment()
    restMs = await hall.store.province.restMs(Date.now())
  }
  const restsUntil = Date.now() + restMs
  await first.close()
  const second = reporterOf(hall, 'zhejiang', profile, free)
  onTestFinished(async () => {
    await second.close()
    await free.close()
    busy.close()
  })
  await until(() => free.services.length > 0)
  expect(Date.now()).toBeGreaterThanOrEqual(restsUntil)
  await hall.untilCounted({ reported: 1 })
})

it('the longer wait holds, and one that a wrong clock has written holds nobody', async () => {
  const { province } = hall.store
  const at = Date.now()
  expect(await province.restMs(at)).toBe(0)
  await province.rest(at + 5_000, at)
  await province.rest(at + 2_000, at)
  expect(await province.restMs(at)).toBe(5_000)
  expect(await province.restMs(at + 5_000)).toBe(0)
  await province.rest(at + 10 * 365 * 24 * 3_600_000, at)
  expect(await province.restMs(at)).toBe(0)
  await province.rest(at + 3_000, at)
  expect(await province.restMs(at)).toBe(3_000)
})
