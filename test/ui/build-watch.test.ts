import { expect, it } from 'vitest'
import { watchBuild } from '../../ui/shared/build-watch.ts'

function page(ownBuild: string | null, memory = new Map<string, string>()) {
  let reloads = 0
  const check = watchBuild({
    ownBuild,
    memory: {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
    },
    reload: () => {
      reloads += 1
    },
  })
  return { check, memory, reloads: () => reloads }
}

it('a page whose device was updated reloads itself', () => {
  const { check, reloads } = page('old')
  check('old')
  expect(reloads()).toBe(0)
  check('new')
  expect(reloads()).toBe(1)
})

it('a page that is the same after its reload does not reload for ever', () => {
  const before = page('old')
  before.check('new')
  const after = page('old', before.memory)
  after.check('new')
  after.check('new')
  expect(after.reloads()).toBe(0)
})

it('a later update reloads again', () => {
  const before = page('old')
  before.check('new')
  const after = page('old', before.memory)
  after.check('newer')
  expect(after.reloads()).toBe(1)
})

it('a page that knows no build of its own stays as it is', () => {
  const { check, reloads } = page(null)
  check('new')
  expect(reloads()).toBe(0)
})
