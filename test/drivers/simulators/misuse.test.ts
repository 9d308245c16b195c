import { expect, test } from 'vitest'
import { Misuse } from '../../../drivers/simulators/misuse.ts'

test('a simulator that is left running tells of everything and keeps the last thousand', () => {
  const told: string[] = []
  const misuse = new Misuse((error) => told.push(error))
  const kept = misuse.errors
  for (let count = 1; count <= 1500; count += 1) misuse.record(`error ${count}`)
  expect(told.length).toBe(1500)
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([1000, 'error 501', 'error 1500'])
})

test('what is excused is neither recorded nor told', () => {
  const told: string[] = []
  const misuse = new Misuse((error) => told.push(error))
  let isExcused = true
  misuse.excuse(() => isExcused)
  misuse.record('damaged on the way')
  isExcused = false
  misuse.record('the driver’s own')
  expect([misuse.errors, told]).toEqual([['the driver’s own'], ['the driver’s own']])
})
