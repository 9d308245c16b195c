import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Cable } from '../../scripts/simulate/cable.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A device that only notes when it was pulled out and pushed in, and what is said of it. */
function pluggable() {
  const done: string[] = []
  const said: string[] = []
  const startedMs = Date.now()
  const note = (what: string) => async () => void done.push(`${Date.now() - startedMs}: ${what}`)
  const device = { port: 'tcp://127.0.0.1:9105', unplug: note('out'), plug: note('in') }
  const cable = new Cable(device, (line) => said.push(line))
  const unplug = (line = '') => cable.unplug(line.split(' ').filter((word) => word !== ''))
  return { cable, unplug, done, said }
}

it('a plug that is pulled for a time is pushed in again', async () => {
  const { unplug, done, said } = pluggable()
  expect(await unplug('for 2000')).toBe(true)
  await vi.advanceTimersByTimeAsync(5000)
  expect(done).toEqual(['0: out', '2000: in'])
  expect(said).toEqual(['unplugged', 'plugged in on tcp://127.0.0.1:9105'])
})

it('a plug that is pulled later is left alone until then', async () => {
  const { unplug, done } = pluggable()
  await unplug('after 500 for 2000')
  await vi.advanceTimersByTimeAsync(5000)
  expect(done).toEqual(['500: out', '2500: in'])
})

it('pulls stack: the plug is in again when all are over', async () => {
  const { unplug, done } = pluggable()
  await unplug('for 3000')
  await unplug('after 1000 for 1000')
  await unplug('after 6000 for 1000')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(done).toEqual(['0: out', '1000: out', '3000: in', '6000: out', '7000: in'])
})

it('without a time it is out until it is plugged in, which ends the timed ones as well', async () => {
  const { cable, unplug, done } = pluggable()
  await unplug()
  await unplug('for 1000')
  await unplug('after 3000')
  await vi.advanceTimersByTimeAsync(2000)
  expect(done).toEqual(['0: out', '0: out'])
  expect(await cable.plug([])).toBe(true)
  await vi.advanceTimersByTimeAsync(5000)
  expect(done.slice(2)).toEqual(['2000: in'])
})

it('nothing is pulled or pushed after the end', async () => {
  const { cable, unplug, done } = pluggable()
  await unplug('after 1000')
  await unplug('for 1000')
  cable.close()
  await vi.advanceTimersByTimeAsync(5000)
  expect(done).toEqual(['0: out'])
})

it('other words are refused, and nothing is moved', async () => {
  const { cable, unplug, done, said } = pluggable()
  for (const words of ['now', 'for', 'for ever', 'for 1 for 2', 'towards device']) await unplug(words)
  expect(said.length).toBe(5)
  for (const line of said) expect(line).toMatch(/^unplug: .*; write unplug \[after MS\] \[for MS\]$/)
  expect(await cable.plug(['now'])).toBe(false)
  expect(done).toEqual([])
})

it('a plug that cannot be pushed in again is told, and the rest goes on', async () => {
  const said: string[] = []
  const plug = async (): Promise<void> => {
    throw new Error('the port is taken')
  }
  const cable = new Cable({ port: '', unplug: async () => {}, plug }, (line) => said.push(line))
  await cable.unplug(['for', '100'])
  await vi.advanceTimersByTimeAsync(200)
  expect(said).toEqual(['unplugged', 'the port is taken'])
})
