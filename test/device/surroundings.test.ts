import { describe, expect, it } from 'vitest'
import { isLoopbackHost, isLoopbackPeer, parseListen } from '../../device/address.ts'
import { contentFace } from '../../device/content/content.ts'
import { describeTrouble } from '../../device/log.ts'
import { isNight } from '../../device/surroundings.ts'
import { sampleGuide, sampleHall } from './support/samples.ts'

const at = (time: string): Date => new Date(`2026-11-21T${time}:00`)

describe('the night', () => {
  it('goes past midnight', () => {
    const night = { from: '18:00', to: '07:00' }
    expect(
      ['17:59', '18:00', '23:59', '00:00', '06:59', '07:00'].map((time) => isNight(at(time), night)),
    ).toEqual([false, true, true, true, true, false])
  })

  it('may lie within a day', () => {
    const night = { from: '01:00', to: '05:00' }
    expect(['00:59', '01:00', '04:59', '05:00'].map((time) => isNight(at(time), night))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('the content', () => {
  const notice = (id: string, from: string, until: string | null) => ({
    id,
    title: '通知',
    text: '内容',
    titleEnglish: 'Notice',
    textEnglish: 'Text',
    from,
    until,
  })

  it('shows the notices in force today, first and last day included', () => {
    const face = contentFace(() => ({
      guides: [sampleGuide],
      forms: [],
      staff: [],
      hall: sampleHall,
      calendars: [],
      dictionaries: [],
      businessTypes: [],
      proofs: [],
      media: [],
      notices: [
        notice('over', '2026-11-01', '2026-11-20'),
        notice('last day', '2026-11-01', '2026-11-21'),
        notice('first day', '2026-11-21', null),
        notice('to come', '2026-11-22', null),
      ],
    }))
    expect(face.notices(at('23:59')).map(({ id }) => id)).toEqual(['last day', 'first day'])
  })

  it('is empty and says so before the hall has sent any', () => {
    const face = contentFace(() => null)
    expect([face.has(), face.hall(), face.guides(), face.staff('S012'), face.notices(at('10:00'))]).toEqual([
      false,
      null,
      [],
      null,
      [],
    ])
  })
})

describe('addresses', () => {
  it('are read as HOST:PORT, IPv6 in brackets', () => {
    expect(parseListen('0.0.0.0:8025')).toEqual({ host: '0.0.0.0', port: 8025 })
    expect(parseListen('[::1]:8024')).toEqual({ host: '::1', port: 8024 })
    for (const wrong of ['8024', '127.0.0.1', ':8024', '127.0.0.1:65536', '::1:8024', 'a b:1', ''])
      expect(parseListen(wrong)).toBeNull()
  })

  it('of this machine are told from all others', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) expect(isLoopbackHost(host)).toBe(true)
    for (const host of ['0.0.0.0', '192.168.1.5', '127.example', 'localhost.example', '::'])
      expect(isLoopbackHost(host)).toBe(false)
    expect([
      isLoopbackPeer('::ffff:127.0.0.1'),
      isLoopbackPeer('::ffff:192.168.1.5'),
      isLoopbackPeer(undefined),
    ]).toEqual([true, false, false])
  })
})

it('an unexpected error is logged by its places, never by its words', () => {
  const told = JSON.stringify(describeTrouble(new Error('林晚舟 330099198803120028')))
  expect(told).toContain('surroundings.test.ts')
  expect(told).not.toContain('林晚舟')
  expect(told).not.toContain('3300')
})
