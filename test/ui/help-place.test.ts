import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Hall } from '../../sync/protocol/content.ts'
import { generalWindow, windowNumbers } from '../../ui/terminal/help-place.ts'

const hall = Hall.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../sync/hall/demo/hall.json'), 'utf8')),
)

it('a dead end names the general windows, all of them', () => {
  expect(generalWindow(hall)).toMatchObject({ name: '综合受理', windows: '9–12', floor: '1楼' })
})

it('a hall without a general window is entered at the first of its list', () => {
  const windows = hall.windows.filter(({ name }) => !name.includes('综合'))
  expect(generalWindow({ ...hall, windows })?.name).toBe(windows[0]?.name)
  expect(generalWindow({ ...hall, windows: [] })).toBeNull()
})

it('windows in a row are told as a row, others one by one', () => {
  expect(windowNumbers(['09', '10', '11'])).toBe('9–11')
  expect(windowNumbers(['01', '02'])).toBe('1、2')
  expect(windowNumbers(['3', '7', '8'])).toBe('3、7、8')
  expect(windowNumbers(['A1'])).toBe('A1')
})
