import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DemoCase, DemoPerson, readDemoData } from '../../../sync/hall/case-system/demo-data.ts'
import { CaseRun, CaseState } from '../../../sync/protocol/cases.ts'
import { Calendar, Guide, Hall, Notice, Staff } from '../../../sync/protocol/content.ts'

const FOLDER = join(import.meta.dirname, '../../../sync/hall/demo')
const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))

const { people, cases } = readDemoData(FOLDER)
const guides = readdirSync(join(FOLDER, 'guides')).map((name) => Guide.parse(read(`guides/${name}`)))
const hall = Hall.parse(read('hall.json'))
const staff = z.array(Staff).parse(read('staff.json'))
const notices = z.array(Notice).parse(read('notices.json'))

describe('the demonstration’s content', () => {
  test('has at least 40 guides, each item once', () => {
    expect(guides.length).toBeGreaterThanOrEqual(40)
    expect(new Set(guides.map(({ itemCode }) => itemCode)).size).toBe(guides.length)
  })

  test('has six staff, each at a window of the hall, and notices that never run out', () => {
    expect(staff).toHaveLength(6)
    const windows = hall.windows.map(({ window }) => window)
    expect(staff.filter(({ window }) => !windows.includes(window))).toEqual([])
    expect(staff).toContainEqual(expect.objectContaining({ staffId: 'S012', name: '陈知夏', window: '12' }))
    expect(notices).toHaveLength(3)
    expect(notices.map(({ until }) => until)).toEqual([null, null, null])
  })

  test('has every window from 01 to 30 once', () => {
    const expected = Array.from({ length: 30 }, (_, index) => String(index + 1).padStart(2, '0'))
    expect(hall.windows.map(({ window }) => window)).toEqual(expected)
  })

  test.each([2026, 2027])('has a calendar of %i with days of that year only, no day both', (year) => {
    const calendar = Calendar.parse(read(`calendar-${year}.json`))
    expect(calendar.year).toBe(year)
    const days = [...calendar.holidays, ...calendar.workingWeekends]
    expect(days.filter((day) => !day.startsWith(`${year}-`))).toEqual([])
    expect(new Set(days).size).toBe(days.length)
    const weekdays = calendar.workingWeekends.map((day) => new Date(`${day}T00:00:00Z`).getUTCDay())
    expect(weekdays.filter((weekday) => weekday !== 0 && weekday !== 6)).toEqual([])
  })
})

describe('the demonstration’s people', () => {
  test('are five, and 张小雨 is one of them', () => {
    expect(z.array(DemoPerson).parse(people)).toHaveLength(5)
    expect(people.find(({ id }) => id === 'zhang')?.name).toBe('张小雨')
  })

  test.each(people)(
    '$id has a number that passes MOD 11-2, tells birth and sex, and is of no real area',
    (person) => {
      expect(person.number.slice(0, 6)).toBe('330099')
      expect(person.number.slice(6, 14)).toBe(person.birth.replaceAll('-', ''))
      expect(Number(person.number[16]) % 2).toBe(person.sex === '男' ? 1 : 0)
      expect(checkCharacter(person.number)).toBe(person.number.at(-1))
    },
  )

  test('have cases, but for one', () => {
    const without = people.filter(({ id }) => !cases.some(({ applicants }) => applicants.includes(id)))
    expect(without.map(({ id }) => id)).toEqual(['guli'])
  })
})

describe('the demonstration’s cases', () => {
  test('are twenty-one, with every run and every state', () => {
    expect(z.array(DemoCase).parse(cases)).toHaveLength(21)
    expect(new Set(cases.map(({ caseNo }) => caseNo)).size).toBe(21)
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(CaseRun.options))
    expect(new Set(cases.map(({ state }) => state))).toEqual(new Set(CaseState.options))
  })

  test('张小雨 has at least five of different states', () => {
    const states = cases.filter(({ applicants }) => applicants.includes('zhang')).map(({ state }) => state)
    expect(new Set(states).size).toBeGreaterThanOrEqual(5)
  })

  test.each(cases)('$caseNo agrees with the guide of its item', (one) => {
    const guide = guides.find(({ itemCode }) => itemCode === one.itemCode)
    expect(one).toMatchObject({
      itemName: guide?.name,
      office: guide?.office,
      kind: guide?.kind,
      statutoryDays: guide?.statutoryWorkingDays,
      promisedDays: guide?.promisedWorkingDays,
    })
    expect(hall.windows.map(({ window }) => window)).toContain(one.contact.window)
  })

  test.each(cases)('$caseNo has its steps in order of time, those to come last', ({ steps, received }) => {
    const times = steps.map(({ at }) =>
      at === null ? Infinity : at.workingDays * 24 * 60 + minutes(at.time),
    )
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(steps[0]?.at).toEqual(received)
  })
})

function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(':').map(Number)
  return hours * 60 + rest
}

/** GB 11643: ISO 7064 MOD 11-2. */
function checkCharacter(number: string): string | undefined {
  const sum = [...number.slice(0, 17)].reduce((total, digit) => (total + Number(digit)) * 2, 0)
  return '0123456789X'[(12 - (sum % 11)) % 11]
}
