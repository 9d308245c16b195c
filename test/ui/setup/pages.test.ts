/** What the technician's pages promise beside what a browser shows: sizes for fingers, and words for every refusal. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { setupScale } from '../../../ui/setup/scale.ts'
import { timeLeft, when } from '../../../ui/setup/when.ts'
import { refusalsEn } from '../../../ui/setup/words/refusals-en.ts'
import { refusalsZh } from '../../../ui/setup/words/refusals-zh.ts'
import { stoppedEn } from '../../../ui/setup/words/stopped-en.ts'
import { stoppedZh } from '../../../ui/setup/words/stopped-zh.ts'
import { setupWords } from '../../../ui/setup/words/words.ts'
import { pixelsPerMillimetre } from '../../../ui/shared/units.ts'

/** `--touch` of ui/shared/tokens.css. */
const TOUCH = 20
const TOUCH_MM = 10
const INCH_TENTHS = 10

describe('a touch target', () => {
  it.each([
    ['a terminal', 1080, 1920, 27],
    ['a pad', 1280, 800, 10.1],
    ['a small pad', 1024, 600, 7],
    ['a terminal that stands on its side', 1920, 1080, 21.5],
  ])('is 10 mm on %s, measured or not', (_name, width, height, inches) => {
    const perMm = pixelsPerMillimetre({ width, height }, inches)
    expect((setupScale({ width, height }, inches) * TOUCH) / perMm).toBeGreaterThanOrEqual(TOUCH_MM - 1e-9)
    const unmeasured = (setupScale({ width, height }, null) * TOUCH) / perMm
    expect(Math.round(unmeasured * INCH_TENTHS) / INCH_TENTHS).toBeGreaterThanOrEqual(TOUCH_MM * 0.9)
  })

  it('is large enough for a thumb on a phone, whatever panel the device has', () => {
    const phone = { width: 390, height: 844 }
    expect(setupScale(phone, 27) * TOUCH).toBeGreaterThanOrEqual(44)
    expect(setupScale(phone, 27)).toBe(setupScale(phone, null))
  })
})

describe('a time', () => {
  const now = Date.parse('2026-11-22T14:05:00+08:00')
  it('is told with its day where that is another, in the device’s own zone', () => {
    expect(when('2026-11-22T09:30:00+08:00', now, 'zh')).toBe('09:30')
    expect(when('2026-11-21T23:59:00+08:00', now, 'zh')).toBe('11月21日 23:59')
    expect(when('1970-01-01T08:00:00+08:00', now, 'en')).toBe('1 January 1970, 08:00')
  })
  it('that is left is told in minutes, then in seconds, and never less than none', () => {
    const { zh } = setupWords
    expect(timeLeft('2026-11-22T14:15:00+08:00', now, zh)).toBe('10 分钟')
    expect(timeLeft('2026-11-22T14:05:41+08:00', now, zh)).toBe('41 秒')
    expect(timeLeft('2026-11-22T13:00:00+08:00', now, zh)).toBe('0 秒')
  })
})

/** Codes that a room answers with, as they stand in the device's sources. */
const codesIn = (folder: string): string[] => {
  const path = join(import.meta.dirname, '../../..', folder)
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('doctor/'))
    .flatMap((file) =>
      [...readFileSync(join(path, file), 'utf8').matchAll(/\brefuse\(\s*'([a-z0-9-]+)'/g)].map(
        ([, code]) => code ?? '',
      ),
    )
}

describe('what is refused', () => {
  it('has words in both languages, whichever room refuses it', () => {
    const codes = [...new Set([...codesIn('device/technician'), ...codesIn('device/health')])].sort()
    expect(codes.length).toBeGreaterThan(20)
    expect(codes.filter((code) => refusalsZh[code] === undefined)).toEqual([])
    expect(codes.filter((code) => refusalsEn[code] === undefined)).toEqual([])
  })

  it('has the same codes in both', () => {
    expect(Object.keys(refusalsEn).sort()).toEqual(Object.keys(refusalsZh).sort())
    expect(Object.keys(stoppedEn).sort()).toEqual(Object.keys(stoppedZh).sort())
  })
})
