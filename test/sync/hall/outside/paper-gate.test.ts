import { expect, test } from 'vitest'
import { createPaperGate, type Leave } from '../../../../sync/hall/outside/paper-gate.ts'

const entered = async (entering: Promise<Leave | null>): Promise<Leave | null | 'waits'> =>
  await Promise.race([entering, new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))])

const leaving = (leave: Leave | null | 'waits'): void => {
  if (typeof leave !== 'function') throw new Error('was not let in')
  leave()
}

test('eight papers are in memory at once, two of one device, and the next comes as one leaves', async () => {
  const gate = createPaperGate()
  const inside: (Leave | null | 'waits')[] = []
  for (let device = 0; device < 4; device += 1)
    for (let paper = 0; paper < 2; paper += 1) inside.push(await entered(gate.enter(`T-${device}`)))
  expect(inside.every((one) => typeof one === 'function')).toBe(true)
  const [own, other] = [gate.enter('T-0'), gate.enter('T-9')]
  expect([await entered(own), await entered(other)]).toEqual(['waits', 'waits'])
  // A place of another device is none for one that has its two already.
  leaving(inside[2] ?? null)
  expect(await entered(own)).toBe('waits')
  leaving(await entered(other))
  leaving(inside[0] ?? null)
  expect(typeof (await entered(own))).toBe('function')
})

test('who leaves twice makes room once', async () => {
  const gate = createPaperGate()
  const [first] = [await entered(gate.enter('T-0')), await entered(gate.enter('T-0'))]
  const waiting = [gate.enter('T-0'), gate.enter('T-0')]
  leaving(first)
  leaving(first)
  expect(typeof (await waiting[0])).toBe('function')
  expect(await entered(waiting[1] ?? Promise.resolve(null))).toBe('waits')
})

test('who waits too long, or behind too many, is told so', async () => {
  const gate = createPaperGate(20)
  for (let paper = 0; paper < 2; paper += 1) await gate.enter('T-0')
  const waiting = Array.from({ length: 64 }, () => gate.enter('T-0'))
  expect(await entered(gate.enter('T-0'))).toBeNull()
  expect(await Promise.all(waiting)).toEqual(Array(64).fill(null))
})
