import { describe, expect, it } from 'vitest'
import { province } from '../../../../scripts/simulate/province.ts'
import { profileNames } from '../../../../sync/hall/province/profile.ts'
import { profileOf, RatedHall, ratingOf, reporterOf } from './support.ts'

describe('window24 simulate province', () => {
  it('knows every province there is', () => {
    expect([...province.profiles].sort()).toEqual(profileNames())
  })

  it('says how a hall is connected, takes its ratings, and obeys what is typed', async () => {
    const told: string[] = []
    const simulated = await province.start({
      listen: 'tcp://127.0.0.1:0',
      profile: 'zhejiang',
      report: (line) => told.push(line),
      onError: (error) => told.push(error),
    })
    const hall = await RatedHall.open()
    expect(told[0]).toContain('"profile":"zhejiang"')
    const url = simulated.port.replace('tcp:', 'http:')
    const reporter = reporterOf(hall, 'zhejiang', profileOf('zhejiang'), { url })
    try {
      expect(await simulated.obey('mood error-before 50')).toBe(true)
      for (const nonsense of [
        'mood joyful',
        'mood slow 200',
        'clock noon',
        'calm down',
        'kept x',
        'new-keys 2',
      ])
        expect(await simulated.obey(nonsense)).toBe(false)
      await hall.give(ratingOf('CASE1'))
      reporter.wake()
      await hall.untilCounted({ reported: 1 })
      expect(told).toContain('rating: taken (评价成功)')
      expect(await simulated.obey('calm')).toBe(true)
      expect(await simulated.obey('kept')).toBe(true)
      expect(told.at(-1)).toMatch(/^1 services, 1 ratings; /)
      expect(await simulated.obey('new-keys')).toBe(true)
      await hall.give(ratingOf('CASE2'))
      reporter.wake()
      while (reporter.status().problem !== 'unauthorised')
        await new Promise((resolve) => setTimeout(resolve, 5))
    } finally {
      await reporter.close()
      await simulated.close()
      await hall.close()
    }
  })

  it('listens on nothing but tcp', async () => {
    const start = province.start({
      listen: 'pty:/tmp/x',
      profile: undefined,
      report: () => {},
      onError: () => {},
    })
    await expect(start).rejects.toThrow('tcp://HOST:PORT')
  })
})
