import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Hall } from '../../../sync/protocol/content.ts'
import { insteadOf, windowOf } from '../../../ui/pad/parts/other-windows.ts'

const file = new URL('../../../sync/hall/demo/hall.json', import.meta.url)
const hall = Hall.parse(JSON.parse(readFileSync(file, 'utf8')))
const numbers = (window: string) => insteadOf(hall, window)?.windows.map((one) => one.window)

describe('where to go while a window is paused', () => {
  it('names the other windows that do the same work', () => {
    expect(numbers('12')).toEqual(['09', '10', '11'])
    expect(insteadOf(hall, '12')).toMatchObject({ name: '综合受理', nameEnglish: 'General window' })
  })

  it('never names the paused window itself', () => {
    for (const { window } of hall.windows) expect(numbers(window) ?? []).not.toContain(window)
  })

  it('names none when no other window does that work, or the hall is not known yet', () => {
    const alone = {
      ...hall,
      windows: hall.windows.filter(({ name, window }) => name !== '综合受理' || window === '12'),
    }
    expect(insteadOf(alone, '12')).toBeNull()
    expect(insteadOf(null, '12')).toBeNull()
    expect(insteadOf(hall, null)).toBeNull()
  })

  it('knows what a window does', () => {
    expect(windowOf(hall, '28')?.name).toBe('不动产登记')
    expect(windowOf(hall, '99')).toBeNull()
  })
})
